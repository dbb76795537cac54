import type { NetworkFact } from '../../evidence/facts.js';
import { sameAddress } from '../../ip.js';
import { pinnedLookup } from '../../network/fib.js';
import { filtered } from '../../network/filter.js';
import { sourceNat } from '../../network/source-nat.js';
import type { Interface, Prediction } from '../path.js';
import { addTakenReply } from './conflict.js';
import { onDummy } from './dummy.js';
import { hostOutputForContainer } from './host-hooks.js';
import { linkPrediction, linkText } from './hops.js';
import { blocks, PASSES, type PredictedHop } from './leg.js';
import { crossSegment, deliver, LOST, type Move } from './move.js';
import { tooBig } from './mtu.js';
import { onLinkItself } from './on-link.js';
import { byRoute } from './route.js';
import type { Trail } from './trail.js';

/** L3 and L3S: the packet is routed in the host's namespace with the output pinned to the parent, and traverses OUTPUT. */
export function byHost(trail: Trail, network: NetworkFact | undefined): Move {
  const dummy = onDummy(trail, network);
  if (dummy) return dummy;
  const { names, routing } = trail.network;
  const [node, device] = [names.hostName, network?.parent ?? ''];
  const fib = routing.fib(node);
  const { destination, source } = trail.packet;
  const found = fib && pinnedLookup(fib, { destination, source, outDevice: device });
  if (found?.kind === 'local') return toHost(trail, node, network);
  const next = byRoute(trail, { hop: 'host-route', node, device }, found);
  addTakenReply(trail, { node, device }, next);
  trail.add(outputWithNat(trail, { node, device }, network));
  trail.add(...onLinkItself(trail, { node, device, way: 'egress' }), {
    hop: 'parent',
    node,
    text: linkText(trail.network, node, device),
    predicted: parentPrediction(trail, { node, device }),
    vantage: { node, device, direction: 'out' },
    ...(next === undefined ? {} : { asks: next }),
  });
  return next === undefined ? LOST : crossSegment({ node, device, next });
}

function toHost(trail: Trail, node: string, network: NetworkFact | undefined): Move {
  trail.add({ hop: 'host-route', node, text: 'local', predicted: PASSES });
  trail.add(hostOutputForContainer(trail, { node, outDevice: 'lo', network }));
  return deliver(node, undefined);
}

function parentPrediction({ network, packet }: Trail, parent: Interface): Prediction {
  const big = tooBig(network, parent, packet);
  return big === undefined ? linkPrediction(network, parent.node, parent.device) : blocks(big);
}

/** OUTPUT of the host, with what its source NAT makes of the packet. A rule that drops it goes before NAT. */
function outputWithNat(trail: Trail, parent: Interface, network: NetworkFact | undefined): PredictedHop {
  const output = hostOutputForContainer(trail, { node: parent.node, outDevice: parent.device, network });
  const nat = hostNat(trail, parent, network);
  return { ...output, ...nat, ...(output.predicted.verdict === 'blocks' ? { predicted: output.predicted } : {}) };
}

/** Source NAT of the host's on what an L3 container sends: replies then go to the host, and never reach the container. */
function hostNat(
  trail: Trail,
  { node, device }: Interface,
  network: NetworkFact | undefined,
): Partial<PredictedHop> | undefined {
  const firewall = trail.network.firewall(node);
  const { source, destination } = trail.packet;
  const answer = firewall && trail.begins ? sourceNat(firewall, { source, device, destination }).answer : 'no';
  const own = trail.network.addresses.addressOn(node, { device, like: destination });
  if (answer !== 'yes' || own === undefined) return undefined;
  trail.packet = { ...trail.packet, source: own };
  if (network?.mode === 'l3s' || isHandedOn(trail, { node, device }, source)) return { translatedTo: own };
  return { translatedTo: own, wrongSource: [own], predicted: blocks({ kind: 'reply-to-host', source: own }) };
}

/**
 * A host that forwards, and lets through, hands the replies it changed back on to the next hop of its route to the container.
 * That one routes them to the host once more, unless it is who replied: no node takes its own packets back.
 */
function isHandedOn({ network, packet }: Trail, { node, device }: Interface, container: string): boolean {
  const hop = network.routing.lookup(node, {
    destination: container,
    source: packet.destination,
    inDevice: device,
  });
  const firewall = network.firewall(node);
  if (!firewall || hop?.kind !== 'via' || network.routing.forwards(node, container) !== true) return false;
  if (sameAddress(hop.gateway, packet.destination)) return false;
  const reply = { source: packet.destination, destination: container, protocol: packet.protocol };
  const crossing = { ...reply, inDevice: device, outDevice: hop.device, state: 'established' as const };
  return filtered(firewall, ['forward'], crossing).kind === 'passes';
}

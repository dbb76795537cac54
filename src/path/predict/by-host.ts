import type { NetworkFact } from '../../evidence/facts.js';
import { sameAddress } from '../../ip.js';
import { atTarget } from './at-target.js';
import { onDummy } from './dummy.js';
import { lookup, pinnedLookup } from '../../network/fib.js';
import { filtered } from '../../network/filter.js';
import { linkPrediction } from './hops.js';
import { hostOutputForContainer } from './host-hooks.js';
import { blocks, PASSES, type Leg, type Trodden } from './leg.js';
import { treadStolenReply } from './mix-up.js';
import { tooBig } from './mtu.js';
import { onLinkItself } from './on-link.js';
import { onWire } from './onward.js';
import { sourceNat } from '../../network/source-nat.js';
import type { Trail } from './trail.js';

/** L3 and L3S: the packet is routed in the host's namespace with the output pinned to the parent, and leaves by OUTPUT. */
export function byHost(trail: Trail, network: NetworkFact | undefined): Leg {
  const dummy = onDummy(trail, network);
  if (dummy) return dummy;
  const { world } = trail;
  const [host, parent] = [world.host?.name ?? 'host', network?.parent ?? ''];
  const fib = world.fib(host);
  const { destination, source } = trail.packet;
  const found = fib && pinnedLookup(fib, { destination, source, outDevice: parent });
  if (found?.kind === 'local') {
    trail.tread({ hop: 'host-route', node: host, text: 'local', predicted: PASSES });
    trail.tread(hostOutputForContainer(trail, { node: host, outDevice: 'lo', network }));
    return atTarget(trail, host, undefined);
  }
  const next = trail.route({ hop: 'host-route', node: host, device: parent }, found);
  treadStolenReply(trail, { node: host, device: parent }, next);
  const output = hostOutputForContainer(trail, { node: host, outDevice: parent, network });
  const nat = hostNat(trail, { node: host, device: parent, network });
  const big = tooBig(world, { node: host, device: parent }, trail.packet);
  const link = big === undefined ? linkPrediction(world, host, parent) : blocks(big);
  trail.tread(
    { ...output, ...(nat ?? {}), ...(output.predicted.verdict === 'blocks' ? { predicted: output.predicted } : {}) },
    ...onLinkItself(trail, { node: host, device: parent, way: 'egress' }),
    {
      hop: 'parent',
      node: host,
      text: parent,
      predicted: link,
      vantage: { node: host, device: parent, direction: 'out' },
      ...(next === undefined ? {} : { asks: next }),
    },
  );
  return next === undefined ? trail.ended(undefined) : onWire(trail, { node: host, device: parent }, next);
}

/** Source NAT of the host's on what an L3 container sends: the answers are then the host's, and pass the container by. */
function hostNat(
  trail: Trail,
  { node, device, network }: { node: string; device: string; network: NetworkFact | undefined },
): Partial<Trodden> | undefined {
  const firewall = trail.world.firewall(node);
  const { source, destination } = trail.packet;
  const answer = firewall && trail.begins ? sourceNat(firewall, { source, device, destination }).answer : 'no';
  const own = trail.world.addressOn(node, { device, like: destination });
  if (answer !== 'yes' || own === undefined) return undefined;
  trail.packet = { ...trail.packet, source: own };
  if (network?.mode === 'l3s' || isHandedOn(trail, { node, device, container: source })) return { translatedTo: own };
  return { translatedTo: own, wrongSource: [own], predicted: blocks({ kind: 'reply-to-host', source: own }) };
}

/**
 * A host that forwards, and lets through, hands the answers it changed back on to whoever its route to the container leads to.
 * That one has them take the turn once more, unless it is who answered: nobody takes his own packets back.
 */
function isHandedOn(
  { world, packet }: Trail,
  { node, device, container }: { node: string; device: string; container: string },
): boolean {
  const fib = world.fib(node);
  const firewall = world.firewall(node);
  const hop = fib && lookup(fib, { destination: container, source: packet.destination, inDevice: device });
  if (!firewall || hop?.kind !== 'via' || world.forwards(node, container) !== true) return false;
  if (sameAddress(hop.gateway, packet.destination)) return false;
  const answer = { source: packet.destination, destination: container, protocol: packet.protocol };
  const crossing = { ...answer, inDevice: device, outDevice: hop.device, state: 'established' as const };
  return filtered(firewall, ['forward'], crossing).kind === 'passes';
}

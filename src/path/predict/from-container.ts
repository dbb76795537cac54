import type { ContainerFact, NetworkFact } from '../../evidence/facts.js';
import { sameAddress } from '../../ip.js';
import { isDefault } from '../../network/default-route.js';
import type { NextHop } from '../../network/fib.js';
import { sharesSegment } from '../../network/holders.js';
import { isLayer3 } from '../../network/networks.js';
import type { TrackedState } from '../../network/rule-match.js';
import { byHost } from './by-host.js';
import { byDummy } from './dummy.js';
import { byNetwork } from './by-network.js';
import { filterHop, routeText } from './hops.js';
import { blocks, PASSES, unknown } from './leg.js';
import { crossSegment, deliver, LOST, type Move } from './move.js';
import { tooBig } from './mtu.js';
import { byRoute, type LookupResult } from './route.js';
import { reasonOfRule } from './rule-reason.js';
import { siblingAt, toSibling, withoutCarrier } from './sibling.js';
import type { Trail } from './trail.js';

/** What is known where a container sends: its lookup, the link it leads by, and the network behind that. */
interface Sending {
  readonly node: string;
  readonly container: ContainerFact | undefined;
  readonly found: NextHop | undefined;
  readonly device: string;
  readonly network: NetworkFact | undefined;
}

/** A container's own packets: to itself, to a sibling, handed to the host in L3, else out by its link as a frame. */
export function containerSends(trail: Trail, node: string): Move {
  const sending = sendingFrom(trail, node);
  const { container, found, network, device } = sending;
  if (found?.kind === 'local') return toItself(trail, node);
  if (container && trail.network.addresses.isOwnLink(container, device)) return byOwnLink(trail, sending);
  const sibling = container && siblingAt(trail, network);
  // In L2 containers of two subnets meet at their gateway, although they are on one parent.
  const near = isLayer3(network) || found?.kind !== 'via' ? sibling : undefined;
  if (isLayer3(network) || near !== undefined) return onLink(trail, sending, near);
  return repliesElsewhere(trail, sending) ? replyLost(trail, sending) : asFrame(trail, sending);
}

function sendingFrom({ network: state, packet }: Trail, node: string): Sending {
  const { source } = packet;
  const container = state.names.container(node);
  const found = state.routing.lookup(node, packet);
  const device = found && 'device' in found ? found.device : (state.addresses.deviceOf(node, source) ?? 'eth0');
  const network = container && state.addresses.networkBehind(container, { device, source });
  return { node, container, found, device, network };
}

/** An address of the container's own, also where another node has it too. */
function toItself(trail: Trail, node: string): Move {
  trail.add({ hop: 'container-route', node, text: 'local', predicted: PASSES });
  return deliver(node, undefined);
}

/** Straight to a sibling; in L3 everything is handed over on-link, and nothing is asked by ARP. */
function onLink(trail: Trail, { node, found, device, network }: Sending, sibling: string | undefined): Move {
  const { destination } = trail.packet;
  const usable = found && found.kind !== 'none' && found.kind !== 'blocked';
  const seen = trail.network.routing.fib(node) !== undefined;
  const why = seen ? blocks({ kind: 'no-route', destination }) : unknown({ kind: 'routes', node });
  const text = found ? routeText(found) : 'not seen';
  trail.add({ hop: 'container-route', node, text, predicted: usable ? PASSES : why });
  const asks = usable && sibling !== undefined && !isLayer3(network) ? destination : undefined;
  addOutput(trail, node, { outDevice: device, asks });
  if (!usable) return LOST;
  if (sibling === undefined) return byHost(trail, network);
  trail.add(...withoutCarrier(trail, { node, device }, network));
  return toSibling(trail, sibling, network);
}

/** L2, macvlan and bridges: the container asks for its next hop by ARP, and sends a frame. */
function asFrame(trail: Trail, { node, found, device, network }: Sending): Move {
  const next = nextHop(trail, node, { found, network });
  addOutput(trail, node, { outDevice: device, asks: next });
  return next === undefined ? LOST : byNetwork(trail, network, { node, device, next });
}

/** By a link that is none of Docker's, such as a tunnel: past the parent and all that the host has. */
function byOwnLink(trail: Trail, { node, found, device }: Sending): Move {
  const next = byRoute(trail, { hop: 'container-route', node, device, wrong: reasonOfRule(trail, node) }, found);
  addOutput(trail, node, { outDevice: device, asks: next });
  return next === undefined ? LOST : crossSegment({ node, device, next });
}

function nextHop(
  trail: Trail,
  node: string,
  { found, network }: { readonly found: NextHop | undefined; readonly network: NetworkFact | undefined },
): string | undefined {
  if (found?.kind === 'on-link' && network?.driver !== 'bridge' && isForHost(trail)) {
    const { destination } = trail.packet;
    trail.add({ hop: 'container-route', node, text: routeText(found), predicted: PASSES, asks: destination });
    return destination;
  }
  return (
    byDummy(trail, { node, found, network }) ??
    byRoute(trail, { hop: 'container-route', node }, asTakenOnLink(trail, found))
  );
}

function isForHost({ network: { names }, packet: { destination } }: Trail): boolean {
  return names.host?.addresses.some((own) => sameAddress(own, destination)) ?? false;
}

/** A default route without a gateway, as L3 gives it: in L2 every address is then asked for on the LAN, where it need not be. */
function asTakenOnLink({ network, packet }: Trail, found: NextHop | undefined): LookupResult | undefined {
  if (found?.kind !== 'on-link' || !isDefault(found.route)) return found;
  return sharesSegment(network, packet.destination) ? found : { kind: 'assumed-on-link', device: found.device };
}

/**
 * Whether a reply leaves via another network than the request came through, whose routers have no business with its source. One that
 * is on-link there meets no router.
 */
function repliesElsewhere(
  { network: { addresses }, packet, begins }: Trail,
  { container, network, found }: Sending,
): boolean {
  if (found?.kind === 'on-link' && !isDefault(found.route)) return false;
  const asked = begins ? undefined : container && addresses.networkOf(container, packet.source);
  return asked !== undefined && network !== undefined && asked.name !== network.name;
}

/** From there on the reply depends on who filters by where a source address belongs. */
function replyLost(trail: Trail, { node, found, device }: Sending): Move {
  const predicted = blocks({ kind: 'reply-via-other-network', source: trail.packet.source, device });
  trail.add({ hop: 'container-route', node, text: found ? routeText(found) : '', predicted });
  return LOST;
}

/** What a container's connection tracking makes of what it sends. In L3S it never sees what comes in from outside. */
function stateInside({ network: { addresses, names }, begins, tracked, packet }: Trail, node: string): TrackedState {
  const container = names.container(node);
  const network = container && addresses.networkOf(container, packet.source);
  const sawRequest = begins || network?.mode !== 'l3s' || addresses.containerAt(packet.destination) !== undefined;
  return sawRequest ? tracked : packet.protocol === 'udp' ? 'new' : 'invalid';
}

/** The container's own OUTPUT and POSTROUTING, and its link. */
function addOutput(
  trail: Trail,
  node: string,
  { outDevice, asks }: { readonly outDevice: string; readonly asks?: string | undefined },
): void {
  const big = tooBig(trail.network, { node, device: outDevice }, trail.packet);
  if (big !== undefined) trail.add({ hop: 'container', node, text: outDevice, predicted: blocks(big) });
  const hop = filterHop(
    trail.network,
    { hop: 'container-firewall', node, hooks: ['output', 'postrouting'] },
    { ...trail.packet, outDevice, state: stateInside(trail, node) },
  );
  trail.add({ ...hop, vantage: { node, device: outDevice }, ...(asks === undefined ? {} : { asks }) });
}

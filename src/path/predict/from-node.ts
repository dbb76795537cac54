import type { ContainerFact, NetworkFact } from '../../evidence/facts.js';
import { isPrivate } from '../../ip.js';
import type { NextHop } from '../../network/fib.js';
import { isLayer3 } from '../../network/networks.js';
import type { Interface } from '../path.js';
import type { Reason } from '../reason.js';
import { addTakenReply } from './conflict.js';
import { hostOutput } from './host-hooks.js';
import { linkPrediction, linkText, routeText } from './hops.js';
import { blocks, PASSES, unknown } from './leg.js';
import { crossSegment, deliver, LOST, type Move } from './move.js';
import { onLinkItself } from './on-link.js';
import { byRoute, routeHop, withoutRoute } from './route.js';
import { reasonOfRule } from './rule-reason.js';
import { throughShim } from './shim.js';
import type { Trail } from './trail.js';

/** The host's own packets. */
export function hostSends(trail: Trail, node: string): Move {
  const { addresses, names, routing } = trail.network;
  const own = addresses.containerAt(trail.packet.destination);
  const network = own && addresses.networkOf(own, trail.packet.destination);
  const found = routing.lookup(node, trail.packet);
  const device = found && 'device' in found ? found.device : (names.parents[0] ?? '');
  const handedOver = throughShim(trail, node, { found, network });
  if (handedOver) return handedOver;
  if (found?.kind === 'on-link' && isApart(network, device)) return toOwnParent(trail, { node, found, network });
  const wrong = reasonOfRule(trail, node) ?? leadsElsewhere(trail, node, { found, network });
  const next = byRoute(trail, { hop: 'host-route', node, device, wrong }, found);
  addTakenReply(trail, { node, device }, next);
  trail.add(hostOutput(trail, node, device));
  const missed = parentMissed(trail, { wrong, network, device: found?.kind === 'none' ? device : undefined });
  if (missed !== undefined) return missesParent(trail, { node, device: missed }, { node, device });
  if (next === undefined) return withoutRoute(trail, 'parent', { node, device });
  return byParent(trail, { node, device, next }, network?.driver === 'bridge' ? own : undefined);
}

/** The parent that a packet of the host's does not leave by, where its route is wrong or missing. */
function parentMissed(
  { network: { names } }: Trail,
  at: {
    readonly wrong: Reason | undefined;
    readonly network: NetworkFact | undefined;
    readonly device: string | undefined;
  },
): string | undefined {
  const { wrong, network, device } = at;
  if (wrong === undefined) return device;
  return wrong.kind === 'route-via-other-link' ? wrong.parent : (network?.parent ?? names.parents[0] ?? '');
}

/** Containers of this network cannot be reached on-link by their parent: it never hears itself. */
function isApart(network: NetworkFact | undefined, device: string): boolean {
  return network?.driver !== 'bridge' && device === network?.parent && !isLayer3(network);
}

function toOwnParent(
  trail: Trail,
  { node, found, network }: { node: string; found: NextHop & { kind: 'on-link' }; network: NetworkFact | undefined },
): Move {
  const { device } = found;
  trail.add({
    hop: 'host-route',
    node,
    text: routeText(found),
    predicted: PASSES,
    asks: trail.packet.destination,
    vantage: { node, device, direction: 'out' },
  });
  const predicted = blocks({ kind: 'host-apart', device, driver: network?.driver ?? '' });
  trail.add({ hop: 'parent', node, text: device, predicted });
  return LOST;
}

/** The parent, where the packet would have to pass, and does not; if it is down, the link its route leads by. */
function missesParent(trail: Trail, parent: Interface, routed: Interface): Move {
  const { node, device } = parent;
  if (linkPrediction(trail.network, node, device).verdict !== 'passes') return withoutRoute(trail, 'parent', routed);
  const vantage = { node, device, direction: 'out' as const };
  trail.add({ hop: 'parent', node, text: device, predicted: PASSES, vantage });
  return LOST;
}

/** Out by the link of its route. A bridge delivers to a container of its own. */
function byParent(
  trail: Trail,
  { node, device, next }: Interface & { readonly next: string },
  onBridge: ContainerFact | undefined,
): Move {
  const { addresses } = trail.network;
  trail.add(...onLinkItself(trail, { node, device, way: 'egress' }), {
    hop: 'parent',
    node,
    text: linkText(trail.network, node, device),
    predicted: linkPrediction(trail.network, node, device),
    vantage: { node, device, direction: 'out' },
    asks: next,
  });
  return onBridge
    ? deliver(onBridge.name, addresses.deviceOf(onBridge.name, trail.packet.destination) ?? 'eth0')
    : crossSegment({ node, device, next });
}

/** Where the host's packets to its own containers leave via another link than theirs, and no node there forwards them to the host. */
function leadsElsewhere(
  trail: Trail,
  node: string,
  { found, network }: { found: NextHop | undefined; network: NetworkFact | undefined },
): Extract<Reason, { kind: 'route-via-other-link' }> | undefined {
  if (found?.kind !== 'via' && found?.kind !== 'on-link') return undefined;
  const { device } = found;
  if (network?.parent === undefined || network.driver === 'bridge' || device === network.parent) return undefined;
  // A link of the driver's own kind is a shim, by which the host reaches its containers.
  if (trail.network.links.link(node, device)?.kind === network.driver) return undefined;
  const holder = found.kind === 'via' ? trail.holder(found.gateway, node)?.node.kind : undefined;
  const goesOn = holder !== undefined && holder !== 'internet';
  const { destination } = trail.packet;
  return goesOn ? undefined : { kind: 'route-via-other-link', destination, device, parent: network.parent };
}

/** A gateway, a peer, or the internet. */
export function nodeSends(trail: Trail, name: string): Move {
  const { links, names, routing } = trail.network;
  const found = routing.lookup(name, trail.packet);
  const node = names.node(name);
  const uplink = (node && links.uplinks(node)[0]?.name) ?? '';
  const device = found && 'device' in found ? found.device : uplink;
  const next = byRoute(trail, { hop: routeHop(trail, name), node: name, device }, found);
  if (next === undefined) return withoutRoute(trail, 'uplink', { node: name, device: uplink });
  return { kind: 'leave', node: name, device, next };
}

/**
 * The real one cannot be looked at: it answers public addresses, through the node that holds them. Where the router's NAT was not
 * seen, neither is the address that it answers.
 */
export function internetSends(trail: Trail, node: string): Move {
  const { openNat, packet } = trail;
  const { destination } = packet;
  if (openNat && isPrivate(destination)) {
    trail.add({ hop: 'far-route', node, text: 'the internet', predicted: unknown(openNat) });
    return LOST;
  }
  if (trail.network.routing.fib(node)) return nodeSends(trail, node);
  const predicted = isPrivate(destination) ? blocks({ kind: 'no-route-on-internet', destination }) : PASSES;
  trail.add({ hop: 'far-route', node, text: 'the internet', predicted });
  return predicted.verdict === 'blocks' ? LOST : crossSegment({ node, device: '', next: destination });
}

import { contains } from '../../ip.js';
import type { NextHop } from '../../network/fib.js';
import { holdersOf, isKnownSegment, isNear } from '../../network/holders.js';
import { isLayer3 } from '../../network/networks.js';
import type { Hop } from '../hop.js';
import type { Prediction } from '../path.js';
import type { Reason } from '../reason.js';
import { linkPrediction, routeText } from './hops.js';
import { blocks, PASSES, unknown } from './leg.js';
import { LOST, type Move } from './move.js';
import type { Trail } from './trail.js';

/** What a lookup says; on IPvlan L3, IPv4 takes a destination without a route to be on-link. */
export type LookupResult = NextHop | { readonly kind: 'assumed-on-link'; readonly device: string };

/** Where a lookup is made. `device`: the link its routes would go with; absent where that does not matter. */
interface Lookup {
  readonly hop: Hop;
  readonly node: string;
  readonly device?: string;
  /** Why the route leads to no good, where that is known already. */
  readonly wrong?: Reason | undefined;
}

/**
 * A node's own lookup as a hop. A next hop that no node answers for makes the route a wrong one.
 *
 * @returns the next hop; `undefined` where it gets no further
 */
export function byRoute(trail: Trail, at: Lookup, found: LookupResult | undefined): string | undefined {
  const { hop, node, wrong } = at;
  if (found === undefined) {
    trail.add({ hop, node, text: 'not seen', predicted: unknown({ kind: 'routes', node }) });
    return undefined;
  }
  const text = routeText(found);
  switch (found.kind) {
    case 'none':
    case 'blocked':
      trail.add({ hop, node, text, predicted: noRoute(trail, at, found) });
      return undefined;
    case 'local':
      trail.add({ hop, node, text, predicted: PASSES });
      return undefined;
    case 'assumed-on-link': {
      const { destination } = trail.packet;
      trail.add({ hop, node, text, predicted: assumedOnLink(trail, node, found.device), asks: destination });
      return destination;
    }
    case 'via':
    case 'on-link':
      if (wrong === undefined) return byNextHop(trail, at, found);
      trail.add({ hop, node, text, predicted: blocks(wrong) });
      return undefined;
  }
}

/** Routes go with a link that is set down: then the link is at fault. No route back to a container goes by an uplink. */
function noRoute(
  { network, packet: { destination } }: Trail,
  { hop, node, device }: Lookup,
  found: Extract<NextHop, { kind: 'none' | 'blocked' }>,
): Prediction {
  if (device !== undefined && hop !== 'gateway-route-back' && isDown(linkPrediction(network, node, device)))
    return unknown({ kind: 'routes-of-link', device });
  return blocks(
    found.kind === 'none'
      ? { kind: 'no-route', destination }
      : { kind: 'route-forbids', destination, type: found.type },
  );
}

function assumedOnLink({ network, packet: { destination } }: Trail, node: string, device: string): Prediction {
  if (isDown(linkPrediction(network, node, device))) return unknown({ kind: 'routes-of-link', device });
  // Who really is on the LAN answers all the same.
  if (isNear(network, { node, device, address: destination })) return PASSES;
  return blocks({ kind: 'no-route-via-parent', device, destination });
}

function isDown({ verdict }: Prediction): boolean {
  return verdict === 'blocks';
}

function byNextHop(
  trail: Trail,
  { hop, node }: Lookup,
  found: Extract<NextHop, { kind: 'via' | 'on-link' }>,
): string | undefined {
  const { destination } = trail.packet;
  const next = found.kind === 'via' ? found.gateway : destination;
  const text = routeText(found);
  if (takesForNeighbour(trail, found)) {
    trail.add({ hop, node, text, predicted: PASSES, asks: next });
    const unanswered = blocks({ kind: 'arp-for-l3-container', node, address: next });
    trail.add({ hop: 'lan', node, text: `who has ${next}`, predicted: unanswered, asks: next });
    return next;
  }
  if (hop === 'gateway-route-back' && trail.holder(next, node)?.node.kind === 'internet') {
    trail.add({ hop, node, text, predicted: blocks({ kind: 'only-default-route', destination }), asks: next });
    return undefined;
  }
  trail.add({ hop, node, text, predicted: nextHopPrediction(trail, node, found), asks: next });
  return next;
}

/** An L3 container's address lies in the subnet of the segment itself, where every node's own route is on-link and right. */
function takesForNeighbour(
  { network: { names, addresses }, packet }: Trail,
  found: Extract<NextHop, { kind: 'via' | 'on-link' }>,
): boolean {
  const container = addresses.containerAt(packet.destination);
  if (found.kind !== 'on-link' || !container) return false;
  const network = addresses.networkOf(container, packet.destination);
  const hosts = names.host?.addresses ?? [];
  return isLayer3(network) && hosts.some((address) => contains(found.route.destination, address));
}

/** Whether a node answers for the next hop of a route. */
function nextHopPrediction(
  { network, packet }: Trail,
  node: string,
  found: Extract<NextHop, { kind: 'via' | 'on-link' }>,
): Prediction {
  const next = found.kind === 'via' ? found.gateway : packet.destination;
  if (holdersOf(network, next, node).length > 0) return PASSES;
  const container = network.addresses.containerAt(next);
  if (container && container.name !== node)
    // What has lost its address is asked for all the same.
    return isLayer3(network.addresses.networkOf(container, next))
      ? blocks({ kind: 'next-hop-in-l3', address: next })
      : PASSES;
  const as = found.kind === 'on-link' ? ('target' as const) : ('next-hop' as const);
  return isKnownSegment(network, node, found.device)
    ? blocks({ kind: 'address-not-held', address: next, as })
    : unknown({ kind: 'holder', address: next, as });
}

/** Routes go with a link that is set down: then the path ends at the link. */
export function withoutRoute(trail: Trail, hop: Hop, { node, device }: { node: string; device: string }): Move {
  const predicted = linkPrediction(trail.network, node, device);
  if (predicted.verdict === 'blocks') trail.add({ hop, node, text: device, predicted, vantage: { node, device } });
  return LOST;
}

/** Names a lookup by what it is for: a gateway's leads to containers, or to the rest of the world. */
export function routeHop({ network: { names, addresses }, packet }: Trail, node: string): Hop {
  const kind = names.node(node)?.kind;
  if (kind === 'host') return 'host-route';
  if (kind === 'container') return 'container-route';
  if (kind !== 'gateway') return 'far-route';
  return addresses.containerAt(packet.destination) ? 'gateway-route-back' : 'gateway-route';
}

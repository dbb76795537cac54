import type { Route } from '../../evidence/facts.js';
import { familyOf, prefixLength } from '../../ip.js';
import { lookup } from '../../network/fib.js';
import type { NetworkState } from '../../network/network-state.js';
import type { Flow } from '../flow.js';
import type { RouteChange } from '../remedies/changes/route.js';

/** A route that is about these addresses, unlike a default route or the halves VPN clients make of it. */
const DEFAULT_HALVES = 1;

/**
 * The route of the main table to a container that leads by another link than its parent. A link of the same driver on the parent
 * is a shim, the host's own way to its containers. What a policy rule looks up before main is another cause.
 */
export function overlappingRoute(
  { routing, links, names }: NetworkState,
  { containerAddress = '', network }: Flow,
): Route | undefined {
  const hop = routing.lookup(names.hostName, { destination: containerAddress });
  if ((hop?.kind !== 'via' && hop?.kind !== 'on-link') || hop.device === network?.parent) return undefined;
  if (links.link(names.hostName, hop.device)?.kind === network?.driver) return undefined;
  const isOwn = hop.route.table === 'main' && prefixLength(hop.route.destination) > DEFAULT_HALVES;
  return isOwn ? hop.route : undefined;
}

/** The route to a container were the other one not there; `undefined` unless it uses a router. */
export function routeWithout({ routing, names }: NetworkState, address: string, route: Route): RouteChange | undefined {
  const { routes = [], rules = [] } = routing.fib(names.hostName) ?? {};
  const hop = lookup({ rules, routes: routes.filter((one) => one !== route) }, { destination: address });
  if (hop.kind !== 'via') return undefined;
  const family = familyOf(address) ?? 4;
  const destination = `${address}/${family === 6 ? 128 : 32}`;
  return {
    kind: 'route',
    on: names.hostName,
    do: 'replace',
    route: { destination, family, via: hop.gateway, device: hop.device },
  };
}

/** Whether a flow between the host and a machine without a container takes the very route, in either direction. */
export function usesRoute({ routing, names }: NetworkState, { container, from, to }: Flow, route: Route): boolean {
  const host = names.hostName;
  const far = from.node?.name === host ? to : to.node?.name === host ? from : undefined;
  if (container !== undefined || far === undefined || far.address === '') return false;
  const hop = routing.lookup(host, { destination: far.address });
  return hop !== undefined && 'route' in hop && hop.route === route;
}

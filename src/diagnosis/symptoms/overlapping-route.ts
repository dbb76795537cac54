import type { Route, Rule } from '../../evidence/facts.js';
import { contains, familyOf, prefixLength, subnetOf } from '../../ip.js';
import { lookup } from '../../network/fib.js';
import type { NetworkState } from '../../network/network-state.js';
import type { Flow } from '../flow.js';
import { subnetsOf } from '../flow-questions.js';
import type { RouteChange } from '../remedies/changes/route.js';

/** A route that is about these addresses, unlike a default route or the halves VPN clients make of it. */
const DEFAULT_HALVES = 1;

/** A link of the same driver on the parent is a shim, the host's own way to its containers. */
export function overlappingRoute(
  { routing, links, names }: NetworkState,
  { containerAddress = '', network }: Flow,
): Route | undefined {
  const hop = routing.lookup(names.hostName, { destination: containerAddress });
  if ((hop?.kind !== 'via' && hop?.kind !== 'on-link') || hop.device === network?.parent) return undefined;
  if (links.link(names.hostName, hop.device)?.kind === network?.driver) return undefined;
  return prefixLength(hop.route.destination) > DEFAULT_HALVES ? hop.route : undefined;
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

/** The policy rule that looks up the route's table; `undefined` for a route of the main table. */
export function policyRuleTo(
  { routing, names }: NetworkState,
  route: Route,
  { containerAddress = '' }: Flow,
): Rule | undefined {
  if (route.table === 'main') return undefined;
  const own = (routing.rules(names.hostName) ?? []).filter(
    ({ table, family }) => table === route.table && family === familyOf(containerAddress),
  );
  return [...own].sort((a, b) => a.priority - b.priority)[0];
}

/** Whether a flow between the host and a machine without a container takes the very route, in either direction. */
export function usesRoute({ routing, names }: NetworkState, { container, from, to }: Flow, route: Route): boolean {
  const host = names.hostName;
  const far = from.node?.name === host ? to : to.node?.name === host ? from : undefined;
  if (container !== undefined || far === undefined || far.address === '') return false;
  const hop = routing.lookup(host, { destination: far.address });
  return hop !== undefined && 'route' in hop && hop.route === route;
}

/** What the containers have in common with the parent: its subnet where they live in it, else their own. */
export function lanOf({ links, names }: NetworkState, flow: Flow): string {
  const { containerAddress = '', network } = flow;
  const parent = links.link(names.hostName, network?.parent);
  const lan = parent?.addresses.map(subnetOf).find((subnet) => contains(subnet, containerAddress));
  return lan ?? subnetsOf([flow])[0] ?? containerAddress;
}

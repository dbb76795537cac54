import { contains, familyOf, prefixLength, sameAddress } from '../../ip.js';
import { isDefault } from '../../network/default-route.js';
import type { NextHop } from '../../network/fib.js';
import type { NetworkState } from '../../network/network-state.js';
import { placeholder, type ShellCommand } from '../../shell.js';
import type { Change } from './change.js';
import { deleteRule } from './changes/policy-rule.js';
import type { RouteChange, RouteSpec } from './changes/route.js';

/** The route a gateway should have to a container subnet, and what its lookup finds now. */
export interface StaticRoute {
  readonly subnet: string;
  /** Absent where the gateway could not be looked at. */
  readonly hop: NextHop | undefined;
  /** The Docker host's address on the LAN. */
  readonly via: string | ShellCommand;
}

/** A static route to a subnet, with the Docker host as its next hop. */
export function routeViaHost({ addresses }: NetworkState, subnet: string, hop?: NextHop): StaticRoute {
  return { subnet, hop, via: addresses.hostLike(subnet) ?? placeholder('HOST') };
}

interface LeadingAway extends StaticRoute {
  readonly hop: Extract<NextHop, { kind: 'via' | 'on-link' }>;
}

function leadsAway(hop: NextHop | undefined): hop is LeadingAway['hop'] {
  return (hop?.kind === 'via' || hop?.kind === 'on-link') && !isDefault(hop.route);
}

/** The route that forbids what should be routed, if it is a route that does. */
export function forbiddingRoute(hop: NextHop | undefined) {
  return hop?.kind === 'blocked' && 'destination' in hop.by && prefixLength(hop.by.destination) > 0
    ? hop.by
    : undefined;
}

/** Routes a container subnet to the host: by a new route, or by correcting what leads it elsewhere or forbids it now. */
export function addReturnRoute(node: string, { subnet, hop, via }: StaticRoute): readonly Change[] {
  if (leadsAway(hop)) return [correct(node, { subnet, hop, via })];
  const wanted = { destination: subnet, family: familyOf(subnet) ?? 4, via };
  const forbidding = forbiddingRoute(hop);
  if (forbidding && isSameSubnet(forbidding.destination, subnet))
    return [replace(node, wanted, { ...wanted, via: undefined, type: forbidding.type })];
  const add = replace(node, wanted);
  if (forbidding && contains(subnet, forbidding.destination)) {
    const { type, destination, family } = forbidding;
    return [{ kind: 'route', on: node, do: 'delete', route: { type, destination, family } }, add];
  }
  return hop?.kind === 'blocked' && 'priority' in hop.by ? [deleteRule(node, hop.by), add] : [add];
}

function isSameSubnet(one: string, other: string): boolean {
  return sameAddress(one, other) && prefixLength(one) === prefixLength(other);
}

/** A route as wide as the subnet or narrower is replaced; a wider one may be right for others and stays beside the new one. */
function correct(node: string, { hop, subnet, via }: LeadingAway): RouteChange {
  const { destination, metric, family } = hop.route;
  if (!contains(subnet, destination)) return replace(node, { destination: subnet, family, via });
  const before = hop.kind === 'on-link' ? { device: hop.device } : { via: hop.gateway };
  return replace(node, { destination, family, via, metric }, { destination, family, metric, ...before });
}

function replace(node: string, route: RouteSpec, was?: RouteSpec): RouteChange {
  return { kind: 'route', on: node, do: 'replace', route, was };
}

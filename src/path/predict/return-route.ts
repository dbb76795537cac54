import { contains, sameAddress } from '../../ip.js';
import { isDefault } from '../../network/default-route.js';
import { lookup, type Fib, type NextHop } from '../../network/fib.js';

/** Where a gateway sends what is meant for a container. */
export type ReturnRoute =
  | { readonly kind: 'right' }
  /** Nothing but a default route matches, or a route or rule forbids it. */
  | { readonly kind: 'missing'; readonly hop: NextHop }
  /** A route matches and points elsewhere: to another next hop, or on-link, where an L3 container never answers ARP. */
  | { readonly kind: 'wrong'; readonly hop: Extract<NextHop, { kind: 'via' | 'on-link' }> }
  /** An L3 container's address lies in the very subnet the host is on: no route of the gateway's is to blame. */
  | { readonly kind: 'same-segment' }
  /** A container that answers ARP itself has an address of no segment that it and the gateway are both on: no route could lead to it. */
  | { readonly kind: 'off-segment' }
  /** The gateway does not reach the host itself, so its route to the host's containers does not matter. */
  | { readonly kind: 'host-unreachable' };

/** What a return route is judged by. */
export interface ReturnRouteLookup {
  readonly container: string;
  /** The host's own addresses on the parent: the only right next hop towards a container in L3. */
  readonly hostAddresses: readonly string[];
  /** Whether containers answer ARP on the LAN themselves, as in L2 and macvlan. */
  readonly answersArp: boolean;
  /** The gateway's links on the container's segment, where it is not the host's own: a VLAN. */
  readonly segment?: readonly string[];
}

/** How a gateway that routes by `gateway` would answer a container. */
export function returnRoute(gateway: Fib, asked: ReturnRouteLookup): ReturnRoute {
  const { container, hostAddresses, answersArp } = asked;
  const hop = lookup(gateway, { destination: container });
  const toHost = hostAddresses
    .map((address) => lookup(gateway, { destination: address }))
    .filter((one) => one.kind === 'on-link');
  if (toHost.length === 0) return { kind: 'host-unreachable' };
  if (hop.kind === 'via') return byNextHop(hop, asked);
  if (hop.kind === 'on-link' && !isDefault(hop.route)) return onLink(hop, toHost, asked);
  return answersArp && hop.kind !== 'blocked' ? { kind: 'off-segment' } : { kind: 'missing', hop };
}

function byNextHop(hop: NextHop & { kind: 'via' }, { hostAddresses, answersArp }: ReturnRouteLookup): ReturnRoute {
  if (hostAddresses.some((address) => sameAddress(address, hop.gateway))) return { kind: 'right' };
  if (!isDefault(hop.route)) return { kind: 'wrong', hop };
  return answersArp ? { kind: 'off-segment' } : { kind: 'missing', hop };
}

function onLink(
  hop: NextHop & { kind: 'on-link' },
  toHost: readonly (NextHop & { kind: 'on-link' })[],
  { container, hostAddresses, answersArp, segment = [] }: ReturnRouteLookup,
): ReturnRoute {
  const lan = toHost.map(({ device }) => device);
  if (answersArp && [...lan, ...segment].includes(hop.device)) return { kind: 'right' };
  const near = toHost.some(({ route }) => contains(route.destination, container));
  if (answersArp && !near) return { kind: 'off-segment' };
  const coversHost = hostAddresses.some((address) => contains(hop.route.destination, address));
  return coversHost && !answersArp ? { kind: 'same-segment' } : { kind: 'wrong', hop };
}

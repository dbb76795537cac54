import { bare, contains, familyOf } from '../ip.js';
import type { NetworkState } from './network-state.js';

/** The addresses of the gateway: those it is known by, and those on its links as far as they were seen. */
export function gatewayAddresses({ names, links }: NetworkState): readonly string[] {
  const { gateway } = names;
  return [
    ...(gateway?.addresses ?? []),
    ...(links.of(gateway?.name) ?? []).flatMap(({ addresses }) => addresses.map(bare)),
  ];
}

/** The same with the next hops of the host's default routes. */
export function routerAddresses(state: NetworkState, family: 4 | 6): readonly string[] {
  const { names, routing } = state;
  return [...gatewayAddresses(state), ...routing.defaults(names.hostName, family).flatMap(({ via }) => via ?? [])];
}

/** The router's address in a subnet: its own, as far as it was seen, or the next hop of the host's default route. */
export function routerIn(state: NetworkState, subnet: string): string | undefined {
  return routerAddresses(state, familyOf(subnet) ?? 4).find((address) => contains(subnet, address));
}

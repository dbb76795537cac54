import type { Facts } from '../../evidence/facts.js';
import { bare, contains, familyOf } from '../../ip.js';
import { defaultRoutes } from '../../network/default-route.js';
import { hostName, nodeOfKind } from '../reading.js';

/** The router's address in a subnet: its own, as far as it was seen, or the next hop of the host's default route. */
export function routerIn(
  { nodes = [], links = {}, routes = {} }: Partial<Pick<Facts, 'nodes' | 'links' | 'routes'>>,
  subnet: string,
): string | undefined {
  const gateway = nodeOfKind(nodes, 'gateway');
  const onLinks = (links[gateway?.name ?? ''] ?? []).flatMap(({ addresses }) => addresses.map(bare));
  const hosts = defaultRoutes(routes[hostName(nodes)] ?? [], familyOf(subnet) ?? 4).flatMap(({ via }) => via ?? []);
  return [...(gateway?.addresses ?? []), ...onLinks, ...hosts].find((address) => contains(subnet, address));
}

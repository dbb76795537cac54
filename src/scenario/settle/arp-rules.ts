import { contains, familyOf } from '../../ip.js';
import type { PlannedNode } from './directory.js';
import type { CheckPlan } from '../plan.js';
import type { Problems } from '../problems.js';
import { isLayer3Mode } from './settle-gateway.js';
import type { Path } from '../source.js';

/** Reports ARP checks where there is no ARP: in L3 and L3S, across a router, and in IPv6. */
export function checkArp(
  { to, id }: CheckPlan,
  from: PlannedNode,
  { at, problems }: { readonly at: Path; readonly problems: Problems },
): void {
  const links = from.addresses.filter(({ subnet }) => contains(subnet, to.address));
  const layer3 = (links.length > 0 ? links : from.addresses).find(({ network }) => isLayer3Mode(network?.mode));
  if (familyOf(to.address) === 6) {
    problems.add(at, `${id}: IPv6 has no ARP. Use icmp, which needs neighbour discovery to work.`);
  } else if (layer3) {
    // An L3 link is IFF_NOARP, and what arrives for it is dropped: drivers/net/ipvlan.
    problems.add(
      at,
      `${id}: ${from.name} is on ${layer3.network?.name} in mode ${layer3.network?.mode}, which has no ARP. Ask from a peer or the host.`,
    );
  } else if (links.length === 0) {
    problems.add(
      at,
      `${id}: ARP asks on the sender's own link only, and ${to.address} is not on one of ${from.name}'s. Use icmp.`,
    );
  }
}

import { contains, familyOf, sameAddress } from '../../ip.js';
import { isKnownBy } from '../../network/names.js';
import { isUnansweredEntry } from '../../network/observations/neighbour-entry.js';
import { routerAddresses } from '../../network/routers.js';
import type { Observed } from '../cause.js';
import type { Flow } from '../flow.js';
import { farAddress, subnetOfFlow } from '../flow-questions.js';
import { isMismatched, taggingOf } from './vlan.js';
import { arpSeen } from './wire.js';

type Seen = Pick<Observed, 'network' | 'observed'>;

/** A container's next hop that is not a gateway. */
export interface WrongNextHop {
  readonly via: string;
  /** The machine that has the address instead; `undefined` when ARP for it gets no reply. */
  readonly holder: string | undefined;
}

/** @returns `undefined` when the next hop is a gateway, or may be one */
export function wrongNextHop(seen: Seen, flow: Flow): WrongNextHop | undefined {
  const name = flow.container?.name ?? '';
  const via = otherThanRouter(seen, flow, name);
  if (via === undefined || !couldBeRight(seen, flow)) return undefined;
  const holder = seen.network.names.nodes.find((node) => node.kind !== 'gateway' && isKnownBy(node, via));
  // A macvlan container or one on a bridge routes by itself: what it does not forward is a cause of its own.
  if (holder?.kind === 'container' && flow.network?.driver !== 'ipvlan') return undefined;
  if (holder) return holder.kind === 'peer' || holder.kind === 'container' ? { via, holder: holder.name } : undefined;
  return isUnanswered(seen, flow, { name, via }) ? { via, holder: undefined } : undefined;
}

function isUnanswered(seen: Seen, flow: Flow, { name, via }: { readonly name: string; readonly via: string }): boolean {
  const { asked, answered } = arpSeen(seen, flow, via);
  return isUnansweredEntry(seen.observed.neighbour(name, via)) || (asked && !answered);
}

/** The next hop of a container's default route, where that is no address of the router. */
function otherThanRouter({ network }: Seen, flow: Flow, name: string): string | undefined {
  const family = familyOf(farAddress(flow)) ?? 4;
  const via = network.routing.defaults(name, family)[0]?.via;
  const isRouter = routerAddresses(network, family).some((address) => sameAddress(address, via ?? ''));
  return isRouter ? undefined : via;
}

/** No gateway address is right for a network whose subnet has no router in it, or whose parent is on another VLAN. */
function couldBeRight(seen: Seen, { network, containerAddress: address = '', ...flow }: Flow): boolean {
  const family = familyOf(address);
  const known = routerAddresses(seen.network, family ?? 4).filter((one) => familyOf(one) === family);
  const subnet = subnetOfFlow({ ...flow, network, containerAddress: address }) ?? '';
  const hasRoom = known.length === 0 || known.some((one) => contains(subnet, one));
  return hasRoom && !isMismatched(taggingOf(seen, { network, address }));
}

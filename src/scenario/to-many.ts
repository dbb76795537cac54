import { familyOf } from '../ip.js';
import type { CheckPlan, Over } from './plan.js';

/** Where a broadcast is sent to, by family: everything on the link. IPv6 has none; its nearest is the group of all nodes on the link. */
export const ALL_ON_LINK = { 4: '255.255.255.255', 6: 'ff02::1' } as const;

/** The address that a check's packets carry: the target's, unless they go to a group or to all on the link. */
export function destinationOf({ over, to }: Pick<CheckPlan, 'over' | 'to'>): string {
  if (over.protocol === 'multicast') return over.group;
  return over.protocol === 'broadcast' ? ALL_ON_LINK[familyOf(to.address) ?? 4] : to.address;
}

/** Whether a check's packets go to several machines and stay on the link they leave through. */
export function isToMany({ protocol }: Over): boolean {
  return protocol === 'broadcast' || protocol === 'multicast';
}

import type { NetworkState } from '../../network/network-state.js';
import type { Flow } from '../flow.js';
import { crossesParent, getsThrough } from '../flow-questions.js';

/** A parent that carries nothing. */
export interface LostParent {
  readonly parent: string;
  readonly state: 'down' | 'no-carrier';
}

/** The parents that are set down or have no carrier. */
export function lostParents({ names, links }: NetworkState): readonly LostParent[] {
  return names.parents.flatMap((parent): LostParent[] => {
    const state = links.state(names.hostName, parent);
    return state === 'down' || state === 'no-carrier' ? [{ parent, state }] : [];
  });
}

/** Whether anything of a flow gets through that can only pass the parent: siblings, and in L3 the host, do without it. */
export function arrivesThrough(flow: Flow, parent: string): boolean {
  return getsThrough(flow) && crossesParent(flow) && flow.network?.parent === parent && flow.peer !== 'host';
}

/**
 * Whether a flow cannot do without a lost parent. Without a carrier siblings lose each other on every kernel; with the
 * parent set down they talked on under Linux 6.1, and do not under 6.12, which hands the state down to the containers' links.
 */
export function needsParent(flow: Flow, parent: string, host: string): boolean {
  if (flow.container) return flow.network?.parent === parent;
  return flow.from.node?.name === host || flow.to.node?.name === host;
}

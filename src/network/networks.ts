import type { NetworkFact } from '../evidence/facts.js';

/** IPvlan in a mode in which the host's own routes decide, and the host's OUTPUT hook is crossed. */
export function isLayer3(network: Pick<NetworkFact, 'driver' | 'mode'> | undefined): boolean {
  return network?.driver === 'ipvlan' && (network.mode === 'l3' || network.mode === 'l3s');
}

/** Whether two networks are the same, or attached to the same parent: containers on them reach each other without leaving it. */
export function shareParent(a: NetworkFact | undefined, b: NetworkFact | undefined): boolean {
  return a !== undefined && b !== undefined && (a.name === b.name || (a.parent !== undefined && a.parent === b.parent));
}

/** `frontend (ipvlan l3)` */
export function driverText({ name, driver, mode }: NetworkFact): string {
  return `${name} (${driver} ${mode})`;
}

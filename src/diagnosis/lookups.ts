import type { Flow } from './flow.js';
import { failing } from './reading.js';

/** Flows that failed because a name did not resolve: lookups by the node's own resolver, and whatever began with one. */
export function failedLookups(flows: readonly Flow[]): readonly Flow[] {
  return failing(flows).filter(({ probe: { over, to, outcome }, outbound }) => {
    const byName = to.name !== undefined;
    const unresolved = outcome.kind === 'attempts' && outcome.failure === 'not-resolved';
    return outbound && byName && (over.protocol === 'dns' || unresolved);
  });
}

/** Whether a container reaches the internet by address: then it is only names it lacks. */
export function reachesInternet(flows: readonly Flow[], container: string | undefined): boolean {
  return flows.some(
    ({ container: own, outbound, peer, probe, arrival }) =>
      own?.name === container &&
      outbound &&
      peer === 'internet' &&
      probe.to.name === undefined &&
      probe.over.protocol !== 'dns' &&
      arrival === 'all',
  );
}

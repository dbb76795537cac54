import type { Flow } from '../flow.js';
import { failing } from '../flow-questions.js';

/** Flows that failed because a name did not resolve: lookups by the node's own resolver, and whatever began with one. */
export function failedLookups(flows: readonly Flow[]): readonly Flow[] {
  return failing(flows).filter(isFailedLookup);
}

/** Whether it is its name that keeps a failing flow from arriving, so that nothing was sent to its target at all. */
export function isFailedLookup({ probe: { over, to, outcome }, outbound }: Flow): boolean {
  const unresolved = outcome.kind === 'attempts' && outcome.failure === 'not-resolved';
  return outbound && to.name !== undefined && (over.protocol === 'dns' || unresolved);
}

/** A flow by which a container reaches the internet by address, if there is one: then it only lacks names. */
export function internetFlow(flows: readonly Flow[], container: string | undefined): Flow | undefined {
  return flows.find(
    ({ container: own, outbound, peer, probe, arrival }) =>
      own?.name === container &&
      outbound &&
      peer === 'internet' &&
      probe.to.name === undefined &&
      probe.over.protocol !== 'dns' &&
      arrival === 'all',
  );
}

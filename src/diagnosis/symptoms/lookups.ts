import type { Flow } from '../flow.js';
import { failing } from '../flow-questions.js';

/** Flows that failed because a name did not resolve: lookups through the node's own resolver, and flows that began with one. */
export function failedLookups(flows: readonly Flow[]): readonly Flow[] {
  return failing(flows).filter(isFailedLookup);
}

/** Whether a flow fails because its name did not resolve, so that nothing was sent to its target. */
export function isFailedLookup({ probe: { over, to, outcome }, outbound }: Flow): boolean {
  const unresolved = outcome.kind === 'attempts' && outcome.failure === 'not-resolved';
  return outbound && to.name !== undefined && (over.protocol === 'dns' || unresolved);
}

/** Lookups that fail beside what keeps the same containers from every server on the internet that they asked. */
export function lookupsBeside(flows: readonly Flow[], explained: readonly Flow[]): readonly Flow[] {
  const cut = new Set(explained.flatMap(({ peer, container }) => (peer === 'internet' ? [container?.name] : [])));
  return failedLookups(flows).filter(
    ({ container }) => container !== undefined && cut.has(container.name) && reachesNoServer(flows, container.name),
  );
}

/** No DNS server on the internet, or, where none was asked, no address there at all. */
function reachesNoServer(flows: readonly Flow[], container: string): boolean {
  const outward = flows.filter(
    (flow) =>
      flow.container?.name === container &&
      flow.outbound &&
      flow.peer === 'internet' &&
      flow.probe.to.name === undefined,
  );
  const servers = outward.filter(({ probe }) => probe.over.protocol === 'dns');
  return !(servers.length > 0 ? servers : outward).some(({ arrival }) => arrival === 'all');
}

/** A flow in which a container reaches an internet address, if there is one: then only names fail. */
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

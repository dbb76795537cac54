import type { Inspected } from '../../engine/engine.js';
import type { ProbeResult } from '../../evidence/evidence.js';
import type { ContainerFact, NodeFact } from '../../evidence/facts.js';
import { familyOf, sameAddress } from '../../ip.js';
import { effectiveServers } from '../../probes/facts/dns-servers.js';
import type { Survey } from '../../probes/facts/survey.js';
import type { CheckPlan } from '../../scenario/plan.js';
import { makeCheck } from '../../scenario/settle/settle-checks.js';

/** A container with its DNS servers, where its `resolv.conf` was read. Pure. */
export function withResolvers(container: Inspected, { resolvConf }: Pick<Survey, 'resolvConf'>): Inspected {
  const { name, dns = [] } = container;
  const own = resolvConf?.inside[name];
  return own ? { ...container, resolvers: effectiveServers({ ...resolvConf, own, docker: dns }) } : container;
}

/** Each DNS server of a container, asked directly from where it is asked, and from the host to compare. Pure. */
export function resolverQuestions(
  { name: container, resolvers = [] }: Pick<ContainerFact, 'name' | 'resolvers'>,
  nodes: readonly NodeFact[],
): readonly CheckPlan[] {
  const host = nodes.find(({ kind }) => kind === 'host');
  const own = nodes.find(({ name }) => name === container);
  return resolvers.flatMap(({ address, askedFrom }) => {
    const owner = nodes.find(({ addresses }) => addresses.some((one) => sameAddress(one, address)));
    const to = { label: address, node: owner?.name, name: undefined, address };
    const askers = [askedFrom === 'container' ? own : undefined, host];
    return askers.flatMap((asker) =>
      asker && asker !== owner && mayAsk(asker, address) ? [makeCheck(asker.name, to, { protocol: 'dns' })] : [],
    );
  });
}

/** A loopback address is asked without an address of one's own. */
function mayAsk({ addresses }: NodeFact, address: string): boolean {
  return /^(?:127\.|::1$)/.test(address) || addresses.some((own) => familyOf(own) === familyOf(address));
}

/**
 * What was asked of a container's DNS servers matters where a name did not resolve. Where all names resolve, a server that does not
 * reply is asked by nothing, and says nothing of the network. Pure.
 *
 * @param asked ids of the checks that ask the servers
 */
export function withoutIdleServers(
  probes: readonly ProbeResult[],
  container: string,
  asked: ReadonlySet<string>,
): readonly ProbeResult[] {
  const failed = probes.some(
    ({ from, to, over, outcome }) =>
      from === container &&
      to.name !== undefined &&
      outcome.kind === 'attempts' &&
      (outcome.failure === 'not-resolved' || (over.protocol === 'dns' && outcome.arrived === 0)),
  );
  return failed ? probes : probes.filter(({ id }) => !asked.has(id));
}

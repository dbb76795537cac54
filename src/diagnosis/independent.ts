import type { ProbeResult } from '../evidence/evidence.js';
import type { NodeFact } from '../evidence/facts.js';
import { familyOf } from '../ip.js';
import { overText, type Over } from '../scenario/plan.js';
import { arrivalOf } from './flows.js';

/** A public address or name that says nothing about a container, over one protocol, and what shows that. */
export interface LeftOut {
  readonly probe: ProbeResult;
  /**
   * What does reply: another address to the same sender, or the same address to the host over another protocol; for a name, the server
   * that the same sender asked directly.
   */
  readonly instead: { readonly address: string } | { readonly over: Over } | { readonly server: string };
}

/**
 * Public addresses that say nothing about a container: they reply neither to it nor to the host. Either another address replies to
 * the container over the same protocol: where two do not, the path may be at fault. Or the address replies to the host over
 * another protocol: then the target, or the network for all of its machines, does without this one. Or it is a name that was resolved
 * for neither.
 *
 * @param usual whether these are the usual questions: what the user asks about is only left out where another address replies
 */
export function leftOut(
  probes: readonly ProbeResult[],
  nodes: readonly NodeFact[],
  { usual }: { readonly usual: boolean },
): readonly LeftOut[] {
  const kind: KindOf = (name) => nodes.find((node) => node.name === name)?.kind;
  const outward = probes.filter(({ to }) => kind(to.node) === 'internet' && to.name === undefined);
  return [...silentAddresses(outward, kind, usual), ...(usual ? strangeNames(probes, { outward, kind }) : [])];
}

type KindOf = (node: string | undefined) => NodeFact['kind'] | undefined;

function silentAddresses(outward: readonly ProbeResult[], kind: KindOf, usual: boolean): readonly LeftOut[] {
  const fromHost = outward.filter(({ from }) => kind(from) === 'host');
  return outward
    .filter((probe) => kind(probe.from) === 'container' && arrivalOf(probe) === 'none')
    .flatMap((probe): LeftOut[] => {
      const atHost = fromHost.filter(({ to }) => to.address === probe.to.address);
      const same = atHost.find((other) => asksAlike(other, probe));
      if (!same || arrivalOf(same) !== 'none') return [];
      const other = outward.find((one) => one.from === probe.from && asksAlike(one, probe) && arrivalOf(one) === 'all');
      if (other) return [{ probe, instead: { address: other.to.address } }];
      const otherwise = usual ? atHost.find((one) => arrivalOf(one) === 'all') : undefined;
      return otherwise ? [{ probe, instead: { over: otherwise.over } }] : [];
    });
}

/** Names that were resolved for neither a container nor the host, although both got a reply and a server answers the container. */
function strangeNames(
  probes: readonly ProbeResult[],
  { outward, kind }: { readonly outward: readonly ProbeResult[]; readonly kind: KindOf },
): readonly LeftOut[] {
  const unresolved = probes.filter(({ to, ...rest }) => to.name !== undefined && isNotResolved(rest));
  return unresolved.flatMap((probe): LeftOut[] => {
    if (kind(probe.from) !== 'container') return [];
    const atHost = unresolved.some(({ from, to }) => kind(from) === 'host' && to.name === probe.to.name);
    const server = outward.find(
      (one) => one.from === probe.from && one.over.protocol === 'dns' && arrivalOf(one) === 'all',
    );
    return atHost && server ? [{ probe, instead: { server: server.to.address } }] : [];
  });
}

/** Whether a server replied that it does not resolve the name. */
function isNotResolved({ over, outcome }: Pick<ProbeResult, 'over' | 'outcome'>): boolean {
  return over.protocol === 'dns' && outcome.kind === 'attempts' && outcome.failure === 'not-resolved';
}

/** Why it is left out, as a sentence. */
export function leftOutText({ probe: { to, over }, instead }: LeftOut): string {
  if ('server' in instead)
    return `${to.name ?? to.address} is not resolved for this host either, and ${instead.server} answers lookups: it is left out.`;
  return 'address' in instead
    ? `${to.address} does not respond, and ${instead.address} does: it is left out.`
    : `${to.address} does not respond over ${overText(over)} to this host either, and does over ${overText(instead.over)}: it is left out.`;
}

function asksAlike(a: ProbeResult, b: ProbeResult): boolean {
  return overText(a.over) === overText(b.over) && familyOf(a.to.address) === familyOf(b.to.address);
}

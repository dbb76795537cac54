import type { ProbeResult } from '../evidence/evidence.js';
import type { NodeFact } from '../evidence/facts.js';
import { familyOf } from '../ip.js';
import { overText, type Over } from '../scenario/plan.js';
import { arrivalOf } from './flows.js';

/** A public address that says nothing about a container, over one protocol, and what shows that. */
export interface LeftOut {
  readonly probe: ProbeResult;
  /** What does reply: another address to the same sender, or the same address to the host over another protocol. */
  readonly instead: { readonly address: string } | { readonly over: Over };
}

/**
 * Public addresses that say nothing about a container: they reply neither to it nor to the host. Either another address replies to
 * the container over the same protocol: where two do not, the path may be at fault. Or the address replies to the host over
 * another protocol: then the target, or the network for all of its machines, does without this one.
 *
 * @param usual whether these are the usual questions: what the user asks about is only left out where another address replies
 */
export function leftOut(
  probes: readonly ProbeResult[],
  nodes: readonly NodeFact[],
  { usual }: { readonly usual: boolean },
): readonly LeftOut[] {
  const kind = (name: string | undefined) => nodes.find((node) => node.name === name)?.kind;
  const outward = probes.filter(({ to }) => kind(to.node) === 'internet' && to.name === undefined);
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

/** Why it is left out, as a sentence. */
export function leftOutText({ probe: { to, over }, instead }: LeftOut): string {
  return 'address' in instead
    ? `${to.address} does not respond, and ${instead.address} does: it is left out.`
    : `${to.address} does not respond over ${overText(over)} to this host either, and does over ${overText(instead.over)}: it is left out.`;
}

function asksAlike(a: ProbeResult, b: ProbeResult): boolean {
  return overText(a.over) === overText(b.over) && familyOf(a.to.address) === familyOf(b.to.address);
}

import type { ProbeResult } from '../evidence/evidence.js';
import type { NodeFact } from '../evidence/facts.js';
import { familyOf } from '../ip.js';
import { overText } from '../scenario/plan.js';
import { arrivalOf } from './flows.js';

/** A public address that replies to no node here, while another one does. */
export interface LeftOut {
  readonly probe: ProbeResult;
  /** One that does reply to the same sender. */
  readonly instead: string;
}

/**
 * Public addresses that say nothing about a container: they reply neither to it nor to the host, while another address replies
 * to it over the same protocol. Then the address itself does not respond; where two do not, the path may be at fault.
 */
export function leftOut(probes: readonly ProbeResult[], nodes: readonly NodeFact[]): readonly LeftOut[] {
  const kind = (name: string | undefined) => nodes.find((node) => node.name === name)?.kind;
  const outward = probes.filter(({ to }) => kind(to.node) === 'internet' && to.name === undefined);
  const fromHost = outward.filter(({ from }) => kind(from) === 'host');
  return outward
    .filter((probe) => kind(probe.from) === 'container' && arrivalOf(probe) === 'none')
    .flatMap((probe) => {
      const alike = outward.filter((other) => asksAlike(other, probe));
      const instead = alike.find((other) => other.from === probe.from && arrivalOf(other) === 'all');
      const atHost = fromHost.find((other) => asksAlike(other, probe) && other.to.address === probe.to.address);
      return instead && atHost && arrivalOf(atHost) === 'none' ? [{ probe, instead: instead.to.address }] : [];
    });
}

function asksAlike(a: ProbeResult, b: ProbeResult): boolean {
  return overText(a.over) === overText(b.over) && familyOf(a.to.address) === familyOf(b.to.address);
}

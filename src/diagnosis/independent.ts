import type { ProbeResult } from '../evidence/evidence.js';
import type { NodeFact } from '../evidence/facts.js';
import { familyOf } from '../ip.js';
import { overText } from '../scenario/plan.js';
import { arrivalOf } from './flows.js';

/** A public address that answers nobody here, while another one of its kind does. */
export interface LeftOut {
  readonly probe: ProbeResult;
  /** One that does answer the same sender. */
  readonly instead: string;
}

/**
 * Public addresses that say nothing about a container: they do not answer it, do not answer the host either, and another
 * answers it in the same way. That is their own affair; two that are silent are nobody's.
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

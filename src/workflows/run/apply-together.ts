import { diagnose } from '../../diagnosis/diagnose.js';
import type { Diagnosis } from '../../diagnosis/diagnosis.js';
import { arrivalOf } from '../../diagnosis/flows.js';
import type { Arrival } from '../../diagnosis/flow.js';
import { messageOf } from '../../errors.js';
import type { Evidence, ProbeResult } from '../../evidence/evidence.js';
import type { Looked } from '../../probes/look-request.js';
import type { CheckPlan } from '../../scenario/plan.js';
import type { Cleanup } from '../../topology/cleanup.js';
import { forgetUnanswered } from '../../topology/settle.js';
import type { AppliedRemedies } from './applied-remedies.js';
import { curable, curing, type Curing } from './curable.js';
import { deepened } from './deepened.js';
import type { Examination } from './examine.js';

/** What it takes to prove remedies. */
export interface Proving extends Examination {
  readonly diagnosis: Diagnosis;
  readonly cleanup: Cleanup;
  readonly again: (checks: readonly CheckPlan[]) => Promise<Looked>;
  /** Everything, as it is with the remedies applied so far. */
  readonly lookDeeper: (layer: number) => Promise<Evidence>;
}

/** What all remedies together did. */
export interface Together {
  /** With what came to light only once other causes were cured. */
  readonly diagnosis: Diagnosis;
  /** How each repeated check went, by its id. */
  readonly after: ReadonlyMap<string, Arrival>;
  /** The cause whose remedy could not be applied, and why; absent when all could. */
  readonly broken: { readonly id: string; readonly because: string } | undefined;
}

/** How often a remedy may uncover something else before we give up. */
const LAYERS = 3;

/**
 * Applies the remedies of all causes found and repeats the checks that failed: fresh tags keep what NAT remembers of the first look
 * from answering.
 *
 * What hid behind something else shows once that is cured: where checks go on failing everything is looked at once more, with
 * the remedies in place, and what is found then is cured as well. A check that arrives in that look is cured, unless anything there
 * loses some packets and not others: then it may have arrived by chance.
 */
export async function applyTogether(
  { plan, onStep, again, lookDeeper, ...proving }: Proving,
  applied: AppliedRemedies,
): Promise<Together> {
  let { diagnosis } = proving;
  const after = new Map<string, Arrival>();
  const note = (probes: readonly ProbeResult[]) => probes.forEach((probe) => after.set(probe.id, arrivalOf(probe)));
  const open = () => curable(plan.checks, diagnosis).filter(({ id }) => after.get(id) !== 'all');
  for (let layer = 1; layer <= LAYERS && open().length > 0; layer++) {
    const fresh = curing(plan.checks, diagnosis).filter(({ commands }) => applied.missing(commands).length > 0);
    if (fresh.length === 0) break;
    const broken = await applyEach(fresh, applied);
    if (broken) return { diagnosis, after, broken };
    await forgetUnanswered(proving.shell, proving.topology.nodes, plan.site.host.interface);
    note((await again(open())).probes);
    if (open().length === 0) break;
    onStep('looking deeper, for something else still fails');
    const evidence = await lookDeeper(layer);
    const seen = diagnose(evidence);
    const still = new Set(open().map(({ id }) => id));
    if (seen.flows.every(({ arrival }) => arrival !== 'some')) note(evidence.probes.filter(({ id }) => still.has(id)));
    diagnosis = deepened(diagnosis, seen);
  }
  return { diagnosis, after, broken: undefined };
}

async function applyEach(causes: readonly Curing[], applied: AppliedRemedies): Promise<Together['broken']> {
  for (const { id, commands } of causes) {
    try {
      await applied.apply(commands);
    } catch (error) {
      return { id, because: messageOf(error) };
    }
  }
  return undefined;
}

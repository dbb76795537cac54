import { diagnose } from '../../../diagnosis/diagnose.js';
import type { Diagnosis } from '../../../diagnosis/diagnosis.js';
import { arrivalOf } from '../../../diagnosis/flows.js';
import type { Arrival } from '../../../diagnosis/flow.js';
import { messageOf } from '../../../errors.js';
import type { Evidence, ProbeResult } from '../../../evidence/evidence.js';
import type { Looked } from '../../../probes/look-request.js';
import type { CheckPlan } from '../../../scenario/plan.js';
import type { Cleanup } from '../../../topology/cleanup.js';
import { flushUnanswered } from '../../../topology/settle.js';
import type { AppliedRemedies } from './applied-remedies.js';
import { fixableChecks, fixableCauses, type FixableCause } from './fixable.js';
import { withSecondLook } from './second-look.js';
import type { Examination } from '../examination.js';

/** What it takes to verify remedies. */
export interface VerifyRequest extends Examination {
  readonly diagnosis: Diagnosis;
  readonly cleanup: Cleanup;
  readonly again: (checks: readonly CheckPlan[]) => Promise<Looked>;
  /** Everything, as it is with the remedies applied so far. */
  readonly lookDeeper: (layer: number) => Promise<Evidence>;
}

/** What all remedies together did. */
export interface Together {
  /** With the causes that showed only once others were fixed. */
  readonly diagnosis: Diagnosis;
  /** How each repeated check went, by its id. */
  readonly after: ReadonlyMap<string, Arrival>;
  /** Checks that no cause explained, and that arrive with the remedies in place. */
  readonly cured: readonly CheckPlan[];
  /** The cause whose remedy could not be applied, and why; absent when all could. */
  readonly broken: { readonly id: string; readonly because: string } | undefined;
}

/** How often remedies may uncover another cause before we give up. */
const LAYERS = 3;

/**
 * Applies the remedies of all causes found and repeats the checks that failed: fresh tags keep what NAT remembers of the first look
 * from answering.
 *
 * A cause that another one hides shows once that one is fixed. Where checks go on failing, everything is looked at once more with the
 * remedies in place, and the remedies of what is found then are applied as well.
 */
export async function applyTogether(request: VerifyRequest, applied: AppliedRemedies): Promise<Together> {
  const { plan, shell, topology, onStep, again, lookDeeper } = request;
  const after = new Map<string, Arrival>();
  let { diagnosis } = request;
  let cured: readonly CheckPlan[] = [];
  const open = () => fixableChecks(plan.checks, diagnosis).filter(({ id }) => after.get(id) !== 'all');
  for (let layer = 1; layer <= LAYERS && open().length > 0; layer++) {
    const fresh = fixableCauses(plan.checks, diagnosis).filter(({ commands }) => applied.missing(commands).length > 0);
    if (fresh.length === 0) break;
    const broken = await applyEach(fresh, applied);
    if (broken) return { diagnosis, after, cured, broken };
    await flushUnanswered(shell, topology.nodes, plan.site.host.interface);
    const strange = plan.checks.filter(({ id }) => diagnosis.unexplained.includes(id));
    const { probes } = await again([...open(), ...strange]);
    cured = strange.filter(({ id }) => probes.some((probe) => probe.id === id && arrivalOf(probe) === 'all'));
    const counts = new Set([...open(), ...cured].map(({ id }) => id));
    note(
      probes.filter(({ id }) => counts.has(id)),
      after,
    );
    if (open().length === 0) break;
    onStep('looking deeper, because something else still fails');
    const evidence = await lookDeeper(layer);
    const seen = diagnose(evidence);
    const still = new Set(open().map(({ id }) => id));
    if (!losesByChance(seen))
      note(
        evidence.probes.filter(({ id }) => still.has(id)),
        after,
      );
    diagnosis = withSecondLook(diagnosis, seen);
  }
  const strange = new Set(diagnosis.unexplained);
  return { diagnosis, after, cured: cured.filter(({ id }) => strange.has(id)), broken: undefined };
}

function note(probes: readonly ProbeResult[], after: Map<string, Arrival>): void {
  for (const probe of probes) after.set(probe.id, arrivalOf(probe));
}

/** Where some packets are lost and others are not, a check may have arrived by chance: that verifies no remedy. */
function losesByChance({ flows }: Diagnosis): boolean {
  return flows.some(({ arrival }) => arrival === 'some');
}

async function applyEach(causes: readonly FixableCause[], applied: AppliedRemedies): Promise<Together['broken']> {
  for (const { id, commands } of causes) {
    try {
      await applied.apply(commands);
    } catch (error) {
      return { id, because: messageOf(error) };
    }
  }
  return undefined;
}

import { diagnose } from '../diagnosis/diagnose.js';
import type { Diagnosis, FoundCause, PrintedCommand } from '../diagnosis/diagnosis.js';
import { arrivalOf } from '../diagnosis/flows.js';
import type { Arrival } from '../diagnosis/flow.js';
import { failing } from '../diagnosis/reading.js';
import { messageOf } from '../errors.js';
import type { Evidence, ProbeResult } from '../evidence/evidence.js';
import type { Looked } from '../probes/look.js';
import type { RemedyOutcome } from '../report/result.js';
import type { CheckPlan } from '../scenario/plan.js';
import type { Cleanup } from '../topology/cleanup.js';
import { execute } from '../topology/execute.js';
import { forgetUnanswered } from '../topology/settle.js';
import { deepened } from './deepened.js';
import type { Examination } from './examine.js';

/** What became of the remedies. */
export interface Proven {
  readonly outcome: RemedyOutcome;
  /** How each repeated check went, by its id. */
  readonly after: ReadonlyMap<string, Arrival>;
}

/** The same with the diagnosis, and what came to light of it only once other causes were cured. */
export interface Cured extends Proven {
  readonly diagnosis: Diagnosis;
}

interface Proving extends Examination {
  readonly diagnosis: Diagnosis;
  readonly cleanup: Cleanup;
  readonly again: (checks: readonly CheckPlan[]) => Promise<Looked>;
  /** Everything, as it is with the remedies applied so far. */
  readonly lookDeeper: (layer: number) => Promise<Evidence>;
}

/** How often a remedy may uncover something else before we give up. */
const LAYERS = 3;

/**
 * Applies the first runnable remedy of each cause found and repeats the checks that failed. A remedy counts as verified
 * only when every one of them then arrives; fresh tags keep what NAT remembers of the first look from answering. What fails
 * for the host alone is explained, but not the remedy's business.
 *
 * What hid behind something else shows once that is cured: where checks go on failing everything is looked at once more, with
 * the remedies in place, and what is found then is cured as well. A check that arrives in that look is cured, unless anything there
 * loses some packets and not others: then it may have arrived by chance.
 */
export async function prove({ plan, onStep, again, lookDeeper, ...proving }: Proving): Promise<Cured> {
  let { diagnosis } = proving;
  const nothing = reasonNotTo(diagnosis, cures(diagnosis).length, curable(plan.checks, diagnosis).length);
  if (nothing) return { outcome: { proof: 'not tried', because: nothing }, after: new Map(), diagnosis };
  onStep('proving the remedy');
  const after = new Map<string, Arrival>();
  const applied = new Set<string>();
  const note = (probes: readonly ProbeResult[]) => probes.forEach((probe) => after.set(probe.id, arrivalOf(probe)));
  const open = () => curable(plan.checks, diagnosis).filter(({ id }) => after.get(id) !== 'all');
  for (let layer = 1; open().length > 0; layer++) {
    const commands = cures(diagnosis).filter(({ on, run }) => !applied.has(`${on} ${run}`));
    if (commands.length === 0 || layer > LAYERS) return { outcome: failedStill(open()), after, diagnosis };
    try {
      await applyAll({ plan, ...proving }, commands);
    } catch (error) {
      return { outcome: { proof: 'failed', because: messageOf(error) }, after, diagnosis };
    }
    for (const { on, run } of commands) applied.add(`${on} ${run}`);
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
  const cured = [...after.values()].includes('all');
  return {
    outcome: cured ? { proof: 'verified' } : failedStill(plan.checks.filter(({ id }) => after.has(id))),
    after,
    diagnosis,
  };
}

function failedStill(checks: readonly CheckPlan[]): RemedyOutcome {
  return { proof: 'failed', because: `still failing: ${checks.map(({ id }) => id).join(', ')}` };
}

async function applyAll(
  { plan, shell, topology, journal, cleanup }: Pick<Proving, 'plan' | 'shell' | 'topology' | 'journal' | 'cleanup'>,
  commands: readonly PrintedCommand[],
): Promise<void> {
  const undo = await execute({ shell, nodes: topology.nodes, journal }, commands);
  cleanup.defer(`undo the remedies of ${plan.id}`, undo);
}

/** The commands of each cause's first runnable remedy. */
function cures({ found }: Pick<Diagnosis, 'found'>): readonly PrintedCommand[] {
  return found.flatMap(({ remedies }) => remedies.find(({ use }) => use === 'run')?.commands ?? []);
}

/**
 * Checks that fail because of causes found, that a container takes part in, and that remedies can cure: where one of several
 * causes needs hands elsewhere, what fails for it goes on failing whatever is done about the others.
 */
export function curable(
  checks: readonly CheckPlan[],
  { flows, found }: Pick<Diagnosis, 'flows' | 'found'>,
): readonly CheckPlan[] {
  const failed = new Set(failing(flows).flatMap(({ id, container }) => (container === undefined ? [] : [id])));
  return checks.filter(({ id }) => {
    const causes = found.filter(({ ruling }) => ruling.explains.includes(id));
    return failed.has(id) && causes.length > 0 && causes.every(isRunnable);
  });
}

function isRunnable({ remedies }: FoundCause): boolean {
  return remedies.some(({ use }) => use === 'run');
}

function reasonNotTo({ found }: Diagnosis, commands: number, checks: number): string | undefined {
  if (found.length === 0) return 'no cause was found';
  if (commands === 0) return 'no remedy can be run: it needs hands elsewhere';
  const stuck = found.find((one) => one.ruling.explains.length > 0 && !isRunnable(one));
  if (checks === 0 && stuck) return `what ${stuck.cause.id} stops needs hands elsewhere`;
  return checks === 0 ? 'no check of a container failed because of it' : undefined;
}

import type { PrintedCommand } from '../../../diagnosis/diagnosis.js';
import { arrivalOf } from '../../../diagnosis/flows.js';
import type { Arrival, Flow } from '../../../diagnosis/flow.js';
import { DoctorError, messageOf } from '../../../errors.js';
import type { Looked } from '../../../probes/look-request.js';
import type { RemedyOutcome } from '../../../report/result.js';
import type { CheckPlan } from '../../../scenario/plan.js';
import type { AppliedRemedies } from './applied-remedies.js';
import type { FixableCause } from './fixable.js';

/** What became of the remedy of one cause. `not needed`: what its cause explains passes without it, all others being in place. */
export type CauseOutcome = RemedyOutcome | { readonly proof: 'not needed'; readonly because: string };

/** What trying one remedy apart showed. */
interface TriedApart {
  readonly outcome: CauseOutcome;
  /** Ids of the cured checks that fail again without it. */
  readonly cures: readonly string[];
}

/** What it takes to try remedies one by one. */
interface Apart {
  readonly applied: AppliedRemedies;
  /** Repeats checks, with fresh tags, once caches and connection tracking of the network were emptied. */
  readonly lookAfresh: (checks: readonly CheckPlan[]) => Promise<Looked>;
  /** As they were before any remedy. */
  readonly flows: readonly Flow[];
  /** Checks that no cause explains, and that arrive with all remedies in place. */
  readonly cured: readonly CheckPlan[];
  readonly onStep: (step: string) => void;
}

/**
 * Tries each of several remedies apart, where all of them are in place and their checks pass: one is undone while the others
 * stay, and what its cause explains has to fail again. That shows what this remedy alone does, in one look for each.
 *
 * @returns what became of each, by the cause's id
 */
export async function verifyApart(
  causes: readonly FixableCause[],
  apart: Apart,
): Promise<ReadonlyMap<string, TriedApart>> {
  const byCause = new Map<string, TriedApart>();
  let back: readonly PrintedCommand[] = [];
  for (const one of causes) {
    apart.onStep(`trying the remedy of ${one.id} apart`);
    try {
      await apart.applied.apply(back);
      back = await apart.applied.undo(one.commands);
      byCause.set(one.id, await outcomeOf(one, apart));
    } catch (error) {
      if (!isAboutCommands(error)) throw error;
      const because = `undoing a remedy and applying it again failed: ${messageOf(error)}`;
      const outcome = { proof: 'not tried', because } as const;
      for (const { id } of causes) if (!byCause.has(id)) byCause.set(id, { outcome, cures: [] });
      return byCause;
    }
  }
  return withAlternatives(causes, byCause, { ...apart, back });
}

/**
 * Where several remedies are not needed because the others are in place, each may be enough: then each has to cure its checks with the
 * others of them undone. One that matches no packet does not.
 */
async function withAlternatives(
  causes: readonly FixableCause[],
  byCause: ReadonlyMap<string, TriedApart>,
  { back, ...apart }: Apart & { readonly back: readonly PrintedCommand[] },
): Promise<ReadonlyMap<string, TriedApart>> {
  const unneeded = causes.filter(({ id }) => byCause.get(id)?.outcome.proof === 'not needed');
  if (unneeded.length < 2) return byCause;
  const alone = new Map(byCause);
  let undone = back;
  for (const one of unneeded) {
    apart.onStep(`trying the remedy of ${one.id} alone`);
    try {
      await apart.applied.apply(undone);
      undone = await apart.applied.undo(unneeded.flatMap((other) => (other === one ? [] : other.commands)));
      // What was applied along with the others has to be in place.
      await apart.applied.apply(one.commands);
      if (await curesAlone(one, apart)) alone.set(one.id, { outcome: { proof: 'verified' }, cures: [] });
    } catch (error) {
      if (!isAboutCommands(error)) throw error;
      return byCause;
    }
  }
  return alone;
}

async function curesAlone({ checks }: FixableCause, { lookAfresh }: Apart): Promise<boolean> {
  const { probes } = await lookAfresh(checks);
  return probes.length > 0 && probes.every((probe) => arrivalOf(probe) === 'all');
}

/**
 * What a look shows while a remedy is undone. Where its checks pass without it, they are asked once more: a flow may arrive by
 * chance. Seen with `container-uses-host-or-gateway-ip`: a LAN client's own ARP broadcast teaches the host its MAC address.
 */
async function outcomeOf(one: FixableCause, apart: Apart): Promise<TriedApart> {
  const tried = await lookWithout(one, apart);
  return tried.outcome.proof === 'not needed' ? lookWithout(one, apart) : tried;
}

async function lookWithout(one: FixableCause, { lookAfresh, flows, cured }: Apart): Promise<TriedApart> {
  const { probes } = await lookAfresh([...one.checks, ...cured]);
  const arrivals = new Map(probes.map((probe) => [probe.id, arrivalOf(probe)]));
  const cures = cured.flatMap(({ id }) => (arrivals.get(id) === 'none' ? [id] : []));
  return { outcome: outcomeWithout(one, arrivals, flows), cures };
}

function isAboutCommands(error: unknown): boolean {
  return error instanceof DoctorError && ['SCENARIO_INVALID', 'CLEANUP_INCOMPLETE'].includes(error.code);
}

/**
 * What a look shows without one remedy. A check that another cause explains as well may pass for what was done about that: it decides
 * only where no check is the cause's own. Where some packets arrive and none did before, too many may have been lost by chance.
 */
function outcomeWithout(
  { checks, alone, commands }: FixableCause,
  arrivals: ReadonlyMap<string, Arrival>,
  flows: readonly Flow[],
): CauseOutcome {
  const deciding = (alone.length > 0 ? alone : checks).map(({ id }) => id);
  const before = (id: string) => flows.find((flow) => flow.id === id)?.arrival;
  const passing = deciding.filter((id) => arrivals.get(id) === 'all');
  const open = deciding.filter((id) => !['all', 'none', before(id)].includes(arrivals.get(id)));
  if (passing.length > 0 && commands.some(({ undo }) => undo === undefined))
    return { proof: 'not tried', because: 'it cannot be undone, and so cannot be tried apart' };
  if (passing.length === deciding.length)
    return { proof: 'not needed', because: `${passing.join(', ')} passed without it` };
  if (passing.length > 0)
    return { proof: 'not tried', because: `${passing.join(', ')} passed without it, other checks did not` };
  if (open.length > 0) return { proof: 'not tried', because: `could not be asked without it: ${open.join(', ')}` };
  return { proof: 'verified' };
}

import type { Diagnosis } from '../../../diagnosis/diagnosis.js';
import type { RemedyOutcome } from '../../../report/result.js';
import { notVerified, type Verification } from '../../../report/scenario-result.js';
import type { CheckPlan } from '../../../scenario/plan.js';
import { settle } from '../../../topology/settle.js';
import { AppliedRemedies } from './applied-remedies.js';
import { applyTogether, type Together, type VerifyRequest } from './apply-together.js';
import { withCured } from './cured.js';
import { fixableCauses, isRunnable, NONE_FAILED, reasonNotTo, type FixableCause } from './fixable.js';
import { verifyApart, type CauseOutcome } from './verify-apart.js';

/** What became of the remedies, and the diagnosis with the causes that showed only once others were fixed. */
export interface VerifiedDiagnosis extends Verification {
  readonly diagnosis: Diagnosis;
}

/** No remedy was applied, for one reason. */
export function notTried(diagnosis: Diagnosis, because: string): VerifiedDiagnosis {
  const nothing = notVerified(because);
  const runnable = diagnosis.found.filter(isRunnable);
  return { ...nothing, byCause: new Map(runnable.map(({ cause }) => [cause.id, nothing.outcome])), diagnosis };
}

/**
 * Verifies the first runnable remedy of each cause found. First all are applied, and the checks that failed are repeated. Then, where
 * there are several, each is tried apart. A remedy counts as verified only when what its cause explains fails without it and passes
 * with it, all others being in place. For a single remedy, the looks before and after it show that. What fails for the host alone is
 * explained, but a remedy need not fix it.
 */
export async function verifyRemedies(request: VerifyRequest): Promise<VerifiedDiagnosis> {
  const { plan, topology, onStep } = request;
  const nothing = reasonNotTo(plan.checks, request.diagnosis);
  if (nothing) return notTried(request.diagnosis, nothing);
  onStep('verifying the fix');
  const applied = new AppliedRemedies({ ...request, nodes: topology.nodes }, plan.id, request.cleanup);
  const together = await applyTogether(request, applied);
  const { after } = together;
  const tried = fixableCauses(plan.checks, together.diagnosis);
  const { outcomes, cures } = await outcomesOf(tried, { request, applied, together });
  const diagnosis = withCured(together.diagnosis, cures);
  const idle = diagnosis.found.filter((one) => isRunnable(one) && !outcomes.has(one.cause.id));
  const byCause = new Map<string, RemedyOutcome>([
    ...[...outcomes].map(([id, outcome]) => [id, reported(outcome)] as const),
    ...idle.map(({ cause }) => [cause.id, { proof: 'not tried', because: NONE_FAILED }] as const),
  ]);
  return { outcome: outcomeOfAll(tried, outcomes, together), byCause, after, diagnosis };
}

interface Applied {
  readonly request: VerifyRequest;
  readonly applied: AppliedRemedies;
  readonly together: Together;
}

/** What became of the remedies. */
interface Outcomes {
  /** Of each, by its cause's id. */
  readonly outcomes: ReadonlyMap<string, CauseOutcome>;
  /** Ids of the checks that no cause explained and a remedy cures, by its cause's id. */
  readonly cures: ReadonlyMap<string, readonly string[]>;
}

async function outcomesOf(tried: readonly FixableCause[], { request, applied, together }: Applied): Promise<Outcomes> {
  const { plan, shell, topology, again, onStep } = request;
  const { cured, diagnosis } = together;
  const outcomes = new Map(tried.map((one) => [one.id, outcomeOfOne(one, together)] as const));
  if (tried.length <= 1)
    return { outcomes, cures: new Map(tried.map(({ id }) => [id, curedBy(outcomes.get(id), cured)])) };
  const passing = tried.filter(({ id }) => outcomes.get(id)?.proof === 'verified');
  const lookAfresh = async (checks: readonly CheckPlan[]) => {
    await settle(plan, shell, topology.nodes);
    return again(checks);
  };
  const apart = await verifyApart(passing, { applied, lookAfresh, flows: diagnosis.flows, cured, onStep });
  return {
    outcomes: new Map([...outcomes, ...[...apart].map(([id, { outcome }]) => [id, outcome] as const)]),
    cures: new Map([...apart].map(([id, { outcome, cures }]) => [id, outcome.proof === 'verified' ? cures : []])),
  };
}

/** The looks before and after a single remedy show what it cures. */
function curedBy(outcome: CauseOutcome | undefined, cured: readonly CheckPlan[]): readonly string[] {
  return outcome?.proof === 'verified' ? cured.map(({ id }) => id) : [];
}

/** What became of a remedy once all were applied. */
function outcomeOfOne({ id, checks }: FixableCause, { after, broken }: Together): CauseOutcome {
  if (broken?.id === id) return { proof: 'failed', because: broken.because };
  if (broken) return { proof: 'not tried', because: `the remedy of ${broken.id} could not be applied` };
  const arrivals = checks.map((check) => [check.id, after.get(check.id) ?? 'unknown'] as const);
  const failed = arrivals.flatMap(([check, arrival]) => (arrival === 'none' || arrival === 'some' ? [check] : []));
  if (failed.length > 0) return { proof: 'failed', because: `still failing: ${failed.join(', ')}` };
  const unasked = arrivals.flatMap(([check, arrival]) => (arrival === 'unknown' ? [check] : []));
  if (unasked.length > 0) return { proof: 'not tried', because: `could not be asked: ${unasked.join(', ')}` };
  return { proof: 'verified' };
}

/** All remedies as one: verified where each is. A remedy that is not needed did not help, and its cause was not one. */
function outcomeOfAll(
  tried: readonly FixableCause[],
  outcomes: ReadonlyMap<string, CauseOutcome>,
  { after, broken }: Together,
): RemedyOutcome {
  if (broken) return { proof: 'failed', because: broken.because };
  const failing = [...after].flatMap(([id, arrival]) => (arrival === 'none' || arrival === 'some' ? [id] : []));
  if (failing.length > 0) return { proof: 'failed', because: `still failing: ${failing.join(', ')}` };
  const each = tried.map(({ id }) => ({ id, ...(outcomes.get(id) ?? { proof: 'verified' as const }) }));
  const because = each.flatMap((one) => ('because' in one ? [`${one.id}: ${one.because}`] : [])).join('; ');
  if (each.some(({ proof }) => proof === 'not needed')) return { proof: 'failed', because };
  return because === '' ? { proof: 'verified' } : { proof: 'not tried', because };
}

function reported(outcome: CauseOutcome): RemedyOutcome {
  if (outcome.proof !== 'not needed') return outcome;
  return { proof: 'not tried', because: `not needed: ${outcome.because}` };
}

import type { Diagnosis } from '../../diagnosis/diagnosis.js';
import type { Arrival } from '../../diagnosis/flow.js';
import type { RemedyOutcome } from '../../report/result.js';
import type { CheckPlan } from '../../scenario/plan.js';
import { settle } from '../../topology/settle.js';
import { proveApart, type CauseProof } from './apart.js';
import { AppliedRemedies } from './applied-remedies.js';
import { applyTogether, type Proving, type Together } from './apply-together.js';
import { curing, isRunnable, NONE_FAILED, reasonNotTo, type Curing } from './curable.js';

/** What became of the remedies. */
export interface Proven {
  readonly outcome: RemedyOutcome;
  /** What became of the first runnable remedy of each cause, by the cause's id; a cause without one is absent. */
  readonly proofs: ReadonlyMap<string, RemedyOutcome>;
  /** How each repeated check went, by its id. */
  readonly after: ReadonlyMap<string, Arrival>;
}

/** The same with the diagnosis, and what came to light of it only once other causes were cured. */
export interface Cured extends Proven {
  readonly diagnosis: Diagnosis;
}

/** Nothing was tried, for one reason. */
export function notTried(diagnosis: Diagnosis, because: string): Cured {
  const outcome: RemedyOutcome = { proof: 'not tried', because };
  const proofs = new Map(diagnosis.found.filter(isRunnable).map(({ cause }) => [cause.id, outcome]));
  return { outcome, proofs, after: new Map(), diagnosis };
}

/**
 * Proves the first runnable remedy of each cause found. First all are applied, and the checks that failed are repeated. Then, where
 * there are several, each is tried apart. A remedy counts as verified only when what its cause explains fails without it and passes
 * with it, all others being in place; of a remedy alone the looks before and after it show that. What fails for the host alone is
 * explained, but not the remedy's business.
 */
export async function prove(proving: Proving): Promise<Cured> {
  const { plan, shell, topology, again, onStep } = proving;
  const nothing = reasonNotTo(plan.checks, proving.diagnosis);
  if (nothing) return notTried(proving.diagnosis, nothing);
  onStep('proving the remedy');
  const applied = new AppliedRemedies({ ...proving, nodes: topology.nodes }, plan.id, proving.cleanup);
  const together = await applyTogether(proving, applied);
  const { diagnosis, after } = together;
  const tried = curing(plan.checks, diagnosis);
  const proofs = new Map<string, CauseProof>(tried.map((one) => [one.id, afterAll(one, together)]));
  const passing = tried.filter(({ id }) => proofs.get(id)?.proof === 'verified');
  const lookAfresh = async (checks: readonly CheckPlan[]) => {
    await settle(plan, shell, topology.nodes);
    return again(checks);
  };
  if (tried.length > 1) {
    const apart = await proveApart(passing, { applied, lookAfresh, flows: diagnosis.flows, onStep });
    for (const [id, proof] of apart) proofs.set(id, proof);
  }
  const idle = diagnosis.found.filter((one) => isRunnable(one) && !proofs.has(one.cause.id));
  for (const { cause } of idle) proofs.set(cause.id, { proof: 'not tried', because: NONE_FAILED });
  const outcome = outcomeOf(tried, proofs, together);
  return { outcome, proofs: new Map([...proofs].map(([id, proof]) => [id, told(proof)])), after, diagnosis };
}

/** What became of a remedy once all were applied. */
function afterAll({ id, checks }: Curing, { after, broken }: Together): CauseProof {
  if (broken?.id === id) return { proof: 'failed', because: broken.because };
  if (broken) return { proof: 'not tried', because: `the remedy of ${broken.id} could not be applied` };
  const arrivals = checks.map((check) => [check.id, after.get(check.id) ?? 'unknown'] as const);
  const failed = arrivals.flatMap(([check, arrival]) => (arrival === 'none' || arrival === 'some' ? [check] : []));
  if (failed.length > 0) return { proof: 'failed', because: `still failing: ${failed.join(', ')}` };
  const unasked = arrivals.flatMap(([check, arrival]) => (arrival === 'unknown' ? [check] : []));
  if (unasked.length > 0) return { proof: 'not tried', because: `could not be asked: ${unasked.join(', ')}` };
  return { proof: 'verified' };
}

/** All remedies as one: verified where each is. A remedy that nothing needs did not help, and its cause was not one. */
function outcomeOf(
  tried: readonly Curing[],
  proofs: ReadonlyMap<string, CauseProof>,
  together: Together,
): RemedyOutcome {
  if (together.broken) return { proof: 'failed', because: together.broken.because };
  const failing = [...together.after].flatMap(([id, arrival]) =>
    arrival === 'none' || arrival === 'some' ? [id] : [],
  );
  if (failing.length > 0) return { proof: 'failed', because: `still failing: ${failing.join(', ')}` };
  const each = tried.map(({ id }) => ({ id, ...(proofs.get(id) ?? { proof: 'verified' as const }) }));
  const because = each.flatMap((one) => ('because' in one ? [`${one.id}: ${one.because}`] : [])).join('; ');
  if (each.some(({ proof }) => proof === 'not needed')) return { proof: 'failed', because };
  return because === '' ? { proof: 'verified' } : { proof: 'not tried', because };
}

function told(proof: CauseProof): RemedyOutcome {
  return proof.proof === 'not needed' ? { proof: 'not tried', because: `not needed: ${proof.because}` } : proof;
}

import { diagnose } from '../../diagnosis/diagnose.js';
import type { Arrival } from '../../diagnosis/flow.js';
import type { Evidence } from '../../evidence/evidence.js';
import type { CheckResult, ScenarioResult } from '../../report/result.js';
import type { CheckPlan } from '../../scenario/plan.js';
import { attendedResult } from '../attach/attended-verdict.js';
import type { Proven } from '../run/prove.js';
import { scenarioResult, type Planned } from '../scenario-result.js';

/** Saved evidence, and what a run made of it. */
export interface Saved {
  /** The scenario's id. */
  readonly id: string;
  readonly evidence: Evidence;
  /** Absent when only the evidence was kept. */
  readonly was: ScenarioResult | undefined;
  /** The verb that looked: before a rollout more counts. Absent when only the evidence was kept. */
  readonly verb?: string | undefined;
}

/**
 * What the evidence says by today's rules. What only the run itself could know, such as whether its remedy helped, is taken
 * over from it; that helps nobody where the causes are others now.
 */
export function rediagnosed({ id, evidence, was, verb }: Saved): ScenarioResult {
  const plan = { ...was?.topology, ...plannedOf({ id, evidence, was }) } as Planned;
  const diagnosis = diagnose(evidence);
  const same =
    was !== undefined &&
    diagnosis.found.map(({ cause }) => cause.id).join() === was.causes.map((cause) => cause.id).join();
  const finished = {
    plan,
    evidence,
    diagnosis,
    proven: same ? provenOf(was) : NOT_PROVEN,
    warnings: [],
    timing: was?.timing ?? [],
    file: `${id}/evidence.json`,
  };
  // What a scenario did not create was there before.
  return was?.topology === undefined ? attendedResult(finished, verb === 'validate') : scenarioResult(finished);
}

/** What is said of the fixes where only evidence was kept. */
export const NOT_PROVEN: Proven = {
  outcome: { proof: 'not tried', because: 'it is diagnosed from saved evidence' },
  proofs: new Map(),
  after: new Map(),
};

function plannedOf({ id, evidence, was }: Saved): Planned {
  const checks = evidence.probes.flatMap((probe): CheckPlan[] => {
    if (probe.purpose !== 'check') return [];
    const asked = was?.checks.find((check) => check.id === probe.id);
    const { from, to, over } = probe;
    return [{ id: probe.id, from, to, over, expect: asked?.expected ?? { kind: 'reachable' }, line: asked?.line }];
  });
  return {
    id,
    title: was?.title ?? `Evidence of ${evidence.takenAt}`,
    why: was?.why,
    file: was?.file,
    checks,
    diagnosis: was?.expectedCauses,
    warnings: was?.warnings ?? [],
  };
}

const ARRIVALS: Readonly<Record<CheckResult['observed'], Arrival>> = {
  reachable: 'all',
  'partly reachable': 'some',
  blocked: 'none',
  unknown: 'unknown',
};

function provenOf({ remedy, checks, causes }: ScenarioResult): Proven {
  const after = checks.flatMap(({ id, afterRemedy }) => (afterRemedy ? [[id, ARRIVALS[afterRemedy]] as const] : []));
  const proofs = causes.flatMap(({ id, remedies }) => {
    const first = remedies.find(({ use }) => use === 'run');
    if (!first) return [];
    const { proof, because = '' } = first;
    return [[id, proof === 'verified' ? { proof } : { proof, because }] as const];
  });
  return { outcome: remedy, proofs: new Map(proofs), after: new Map(after) };
}

import { diagnose } from '../../diagnosis/diagnose.js';
import type { Arrival } from '../../diagnosis/flow.js';
import type { Evidence } from '../../evidence/evidence.js';
import type { CheckResult, ScenarioResult } from '../../report/result.js';
import type { CheckPlan } from '../../scenario/plan.js';
import type { Wish } from '../../diagnosis/what-if/wish.js';
import { attachedResult } from '../attach/attached-result.js';
import { notVerified, scenarioResult, type Planned, type Verification } from '../../report/scenario-result.js';

/** Saved evidence, and what a run made of it. */
export interface Saved {
  /** The scenario's id. */
  readonly id: string;
  readonly evidence: Evidence;
  /** Absent when only the evidence was kept. */
  readonly was: ScenarioResult | undefined;
  /** The verb that looked: before a rollout more counts. Absent when only the evidence was kept. */
  readonly verb?: string | undefined;
  /** Changes to predict. Absent: none. */
  readonly whatIf?: readonly Wish[] | undefined;
}

/**
 * What the evidence says by today's rules. What only the run itself could know, such as whether its remedy helped, is copied
 * from its result, unless the causes are others now.
 */
export function rediagnosed({ id, evidence, was, verb, whatIf }: Saved): ScenarioResult {
  const plan = { ...was?.topology, ...plannedOf({ id, evidence, was }) } as Planned;
  const diagnosis = diagnose(evidence);
  const same =
    was !== undefined &&
    diagnosis.found.map(({ cause }) => cause.id).join() === was.causes.map((cause) => cause.id).join();
  const finished = {
    plan,
    evidence,
    diagnosis,
    verification: same ? verificationOf(was) : notVerified(ONLY_EVIDENCE),
    warnings: [],
    timing: was?.timing ?? [],
    file: `${id}/evidence.json`,
    whatIf,
  };
  // Without a topology of a scenario, the system ran before us.
  return was?.topology === undefined ? attachedResult(finished, verb === 'validate') : scenarioResult(finished);
}

/** Why no remedy is verified where only evidence was kept. */
const ONLY_EVIDENCE = 'it is diagnosed from saved evidence';

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

function verificationOf({ remedy, checks, causes }: ScenarioResult): Verification {
  const after = checks.flatMap(({ id, afterRemedy }) => (afterRemedy ? [[id, ARRIVALS[afterRemedy]] as const] : []));
  const byCause = causes.flatMap(({ id, remedies }) => {
    const first = remedies.find(({ use }) => use === 'run');
    if (!first) return [];
    const { proof, because = '' } = first;
    return [[id, proof === 'verified' ? { proof } : { proof, because }] as const];
  });
  return { outcome: remedy, byCause: new Map(byCause), after: new Map(after) };
}

import type { ScenarioResult } from '../../report/result.js';
import type { Plan } from '../../scenario/plan.js';

/** The result of a scenario that could not be asked: skipped with its reason, or broken with the error. */
export function notExamined(plan: Plan, verdict: 'skipped' | 'broken', reason: string): ScenarioResult {
  const { id, title, why, file, site, networks, containers, faults, warnings } = plan;
  return {
    id,
    title,
    why,
    file,
    verdict,
    reason,
    headline: verdict === 'skipped' ? 'It cannot run here.' : 'It could not run.',
    topology: { site, networks, containers, faults },
    checks: [],
    paths: [],
    causes: [],
    ruledOut: [],
    inconclusive: [],
    unexplained: [],
    expectedCauses: plan.diagnosis,
    remedy: { proof: 'not tried', because: reason },
    assumptions: [],
    warnings,
    timing: [],
    evidence: undefined,
  };
}

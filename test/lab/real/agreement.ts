import type { ScenarioResult } from '../../../src/report/result.js';

/** The flows of a scenario that arrive, with how they agree with the model. */
export function arrived({ id, checks, paths }: ScenarioResult) {
  return paths
    .filter((path) => checks.some((check) => check.id === path.id && check.observed === 'reachable'))
    .map(({ id: flow, agreement, verdict }) => ({ id, flow, agreement, verdict }));
}

/** Those of which the model says something else. */
export function disagreeing(scenario: ScenarioResult) {
  return arrived(scenario).filter(({ agreement }) => agreement !== 'agree');
}

/** Checks that did not do with the remedies what was predicted of them. */
export function unlikePredicted({ id, checks, prediction }: ScenarioResult) {
  if (prediction?.kind !== 'predicted') return [];
  return checks.flatMap(({ id: check, afterRemedy }) => {
    const passes = prediction.mended.includes(check);
    const fails = prediction.failing.some((one) => one.id === check);
    if (afterRemedy === undefined || afterRemedy === 'unknown' || (!passes && !fails)) return [];
    return passes === (afterRemedy === 'reachable') ? [] : [{ id, check, predicted: passes, afterRemedy }];
  });
}

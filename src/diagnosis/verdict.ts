import type { CheckPlan } from '../scenario/plan.js';
import type { Diagnosis } from './diagnosis.js';
import type { Arrival } from './flow.js';

/** The verdict of a check that was asked. `skipped` belongs to checks that could not be. */
export type AskedVerdict = 'pass' | 'fail' | 'flaky' | 'broken';

/**
 * Whether a check went as expected, which includes *blocked* or *flaky by the named cause*. A check of which only some
 * attempts arrive is flaky, also where it is expected to be reachable or blocked.
 */
export function verdictOf(check: CheckPlan, arrival: Arrival, diagnosis: Pick<Diagnosis, 'found'>): AskedVerdict {
  if (arrival === 'unknown') return 'broken';
  if (check.expect.kind === 'flaky-by' && arrival === 'some' && blames(diagnosis, check.id, check.expect.cause))
    return 'pass';
  if (arrival === 'some') return 'flaky';
  switch (check.expect.kind) {
    case 'reachable':
      return arrival === 'all' ? 'pass' : 'fail';
    case 'blocked':
      return arrival === 'none' ? 'pass' : 'fail';
    case 'blocked-by':
      return arrival === 'none' && blames(diagnosis, check.id, check.expect.cause) ? 'pass' : 'fail';
    case 'flaky-by':
      return 'fail';
  }
}

function blames({ found }: Pick<Diagnosis, 'found'>, check: string, cause: string): boolean {
  return found.some((one) => one.cause.id === cause && one.ruling.explains.includes(check));
}

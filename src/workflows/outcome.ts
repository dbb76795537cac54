import type { Diagnosis } from '../diagnosis/diagnosis.js';
import type { CheckResult, RemedyOutcome, Result, ScenarioResult, Verdict } from '../report/result.js';

/** What a scenario's verdict depends on. */
export interface Judged {
  readonly checks: readonly CheckResult[];
  readonly diagnosis: Diagnosis;
  readonly expected: readonly string[] | undefined;
  readonly remedy: RemedyOutcome;
}

/** The verdict of a scenario as a whole, and what differs from the expected when no check alone says it. */
export function scenarioVerdict({ checks, diagnosis, expected, remedy }: Judged): {
  readonly verdict: Verdict;
  readonly reason: string | undefined;
} {
  const found = diagnosis.found.map(({ cause }) => cause.id);
  const differs = expected && difference(expected, found);
  if (checks.some(({ verdict }) => verdict === 'broken'))
    return { verdict: 'broken', reason: 'some checks could not be asked' };
  if (differs) return { verdict: 'fail', reason: differs };
  if (checks.some(({ verdict }) => verdict === 'fail')) return { verdict: 'fail', reason: undefined };
  if (remedy.proof === 'failed') return { verdict: 'fail', reason: `the remedy did not help: ${remedy.because}` };
  if (checks.some(({ verdict }) => verdict === 'flaky')) return { verdict: 'flaky', reason: undefined };
  return { verdict: 'pass', reason: undefined };
}

function difference(expected: readonly string[], found: readonly string[]): string | undefined {
  const missed = expected.filter((id) => !found.includes(id));
  const surplus = found.filter((id) => !expected.includes(id));
  const parts = [
    ...(missed.length > 0 ? [`expected and not found: ${missed.join(', ')}`] : []),
    ...(surplus.length > 0 ? [`found and not expected: ${surplus.join(', ')}`] : []),
  ];
  return parts.length > 0 ? parts.join('; ') : undefined;
}

/** The one sentence a reader looks for first. */
export function headline(diagnosis: Diagnosis, checks: readonly CheckResult[]): string {
  const [primary, ...others] = diagnosis.found;
  if (primary) return others.length === 0 ? primary.explanation : `${primary.explanation} (and ${others.length} more)`;
  const open = diagnosis.inconclusive.find(({ ruling }) => ruling.explains.length > 0 && ruling.oneOf.length > 0);
  if (open) return `One of ${open.ruling.oneOf.join(' and ')}: it takes ${open.ruling.missing} to tell.`;
  const [lost] = diagnosis.unexplained;
  if (lost)
    return `${diagnosis.unexplained.length} of ${checks.length} checks fail for a reason no known cause explains: ${lost}.`;
  return `Nothing is wrong: ${checks.length} of ${checks.length} checks went as they should.`;
}

/** The documented exit code of a run that came to its end: see the table in the README. */
export function exitCodeOf(scenarios: readonly ScenarioResult[], cleanup: Result['cleanup']): number {
  const verdicts = new Set(scenarios.map(({ verdict }) => verdict));
  if (verdicts.has('fail') || verdicts.has('flaky')) return onlyInconclusive(scenarios) ? 4 : 1;
  if (verdicts.has('broken')) return 4;
  if (cleanup.state === 'incomplete') return 6;
  if (scenarios.length === 0) return 5;
  return verdicts.has('pass') ? 0 : 3;
}

/** Nothing was found, and what failed could not be told apart by what was seen. */
function onlyInconclusive(scenarios: readonly ScenarioResult[]): boolean {
  const wrong = scenarios.filter(({ verdict }) => verdict === 'fail' || verdict === 'flaky');
  return wrong.every(
    ({ causes, inconclusive, unexplained }) =>
      causes.length === 0 && unexplained.length === 0 && inconclusive.some(({ explains }) => explains.length > 0),
  );
}

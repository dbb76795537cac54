import type { CauseResult, CheckResult, Result, ScenarioResult, Verdict } from '../result.js';
import { plain } from '../../printable.js';
import { expectedText, observedText } from '../words.js';

/** What a test reporter counts: a check, or what is said of a scenario as a whole. */
export interface Case {
  readonly name: string;
  readonly verdict: Verdict;
  /** What it failed by: a cause's id, or a word. */
  readonly type: string;
  /** One line; empty when it passed. */
  readonly message: string;
  /** Further lines: what was seen, and the fix. */
  readonly details: readonly string[];
}

/** A scenario's checks as cases; one more where it did not pass and no check says why. */
export function casesOf(scenario: ScenarioResult): readonly Case[] {
  const checks = scenario.checks.map((check) => caseOf(check, scenario));
  const told = checks.some(({ verdict }) => verdict === scenario.verdict);
  return told ? checks : [...checks, whole(scenario)];
}

/** What is said of the run itself, where it did not come to its end or left something behind. */
export function casesOfRun({ error, cleanup }: Result): readonly Case[] {
  const broken = (name: string, type: string, message: string): Case => {
    return { name, verdict: 'broken', type, message: plain(message), details: [] };
  };
  return [
    ...(error ? [broken('comes to its end', error.code, error.message)] : []),
    ...(cleanup.state === 'incomplete'
      ? [broken('leaves nothing behind', 'CLEANUP_INCOMPLETE', cleanup.left.join('; '))]
      : []),
  ];
}

function caseOf(check: CheckResult, scenario: ScenarioResult): Case {
  const cause = scenario.causes.find(({ id }) => check.explainedBy.includes(id));
  const type = cause?.id ?? (check.verdict === 'fail' ? 'unexplained' : check.verdict);
  const named = { name: plain(check.id), verdict: check.verdict, type };
  if (check.verdict === 'pass') return { ...named, message: '', details: [] };
  const message = plain(cause?.explanation ?? `${observedText(check)}, expected ${expectedText(check)}`);
  return { ...named, message, details: detailsOf(check, cause).map(plain) };
}

function detailsOf(check: CheckResult, cause: CauseResult | undefined): readonly string[] {
  const seen = cause?.observations.map(({ sentence }) => sentence) ?? [];
  const fix = cause?.remedies[0]?.commands ?? [];
  return [
    `expected: ${expectedText(check)}`,
    `observed: ${observedText(check)}`,
    ...check.said.map((line) => `said: ${line}`),
    ...seen.map((line) => `seen: ${line}`),
    ...fix.flatMap(({ on, run }) => [`fix, on ${on}:`, `  ${run}`]),
  ];
}

function whole({ verdict, reason, headline }: ScenarioResult): Case {
  const message = verdict === 'pass' ? '' : plain(reason ?? headline);
  return {
    name: 'the scenario as a whole',
    verdict,
    type: verdict === 'fail' ? 'diagnosis' : verdict,
    message,
    details: [],
  };
}

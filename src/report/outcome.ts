import { CAUSES } from '../diagnosis/causes/index.js';
import type { Diagnosis, FoundCause, PrintedInconclusive } from '../diagnosis/diagnosis.js';
import { complaint, telling } from '../diagnosis/flow-questions.js';
import type { Missing } from '../evidence/evidence.js';
import type { CheckResult, RemedyOutcome, Result, ScenarioResult, Verdict } from './result.js';

/** What a scenario's verdict depends on. */
export interface Judged {
  readonly checks: readonly CheckResult[];
  readonly diagnosis: Diagnosis;
  readonly expected: readonly string[] | undefined;
  readonly remedy: RemedyOutcome;
  /** Facts that the look wanted and did not get. */
  readonly lost: readonly Missing[];
}

/** The verdict of a scenario as a whole, and what differs from the expected when no check alone says it. */
export function scenarioVerdict({ checks, diagnosis, expected, remedy, lost }: Judged): {
  readonly verdict: Verdict;
  readonly reason: string | undefined;
} {
  const found = diagnosis.found.map(({ cause }) => cause.id);
  const differs = expected && difference(expected, found);
  if (checks.some(({ verdict }) => verdict === 'broken'))
    return { verdict: 'broken', reason: 'some checks could not be asked' };
  if (differs) return { verdict: 'fail', reason: differs };
  if (checks.some(({ verdict }) => verdict === 'fail')) return failed(diagnosis, lost);
  if (remedy.proof === 'failed') return { verdict: 'fail', reason: `not every remedy is verified: ${remedy.because}` };
  if (checks.some(({ verdict }) => verdict === 'flaky')) return { verdict: 'flaky', reason: undefined };
  return { verdict: 'pass', reason: undefined };
}

/** Facts without which some cause cannot be told; others only add to what is known without them. */
const DECISIVE: ReadonlySet<string> = new Set(CAUSES.flatMap(({ needs }) => needs));

/** What fails without a cause is open as long as the look lost facts that may hold it. */
function failed({ found, unexplained }: Diagnosis, lost: readonly Missing[]): ReturnType<typeof scenarioVerdict> {
  const [first, ...more] = lost.filter(({ fact }) => DECISIVE.has(fact));
  if (first === undefined || found.length > 0 || unexplained.length === 0)
    return { verdict: 'fail', reason: undefined };
  const what = `${first.fact}${first.node === undefined ? '' : ` of ${first.node}`}`;
  const others = more.length === 0 ? '' : `, and ${more.length} more`;
  return { verdict: 'broken', reason: `the look could not see everything: ${what} (${first.reason})${others}` };
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

/**
 * The one sentence a reader looks for first.
 *
 * @param untried what was not tried, as a sentence of its own; it is said where no check failed
 */
export function headline(diagnosis: Diagnosis, checks: readonly CheckResult[], untried?: string): string {
  const lead = leading(diagnosis);
  switch (lead.kind) {
    case 'found':
      return lead.others === 0 ? lead.cause.explanation : `${lead.cause.explanation} (and ${lead.others} more)`;
    case 'open':
      return listHeadline(diagnosis, lead.ruling);
    case 'unexplained':
      return `${diagnosis.unexplained.length} of ${checks.length} checks fail for a reason no known cause explains: ${lead.check}.`;
    case 'nothing':
      return [tally(checks), ...(untried === undefined ? [] : [untried])].join(' ');
  }
}

/** What fails, and the most usual of the causes that it may have. */
function listHeadline({ flows, inconclusive }: Diagnosis, { oneOf, explains, missing }: PrintedInconclusive): string {
  const flow = telling(flows.filter(({ id }) => explains.includes(id)));
  const what = flow === undefined ? '' : `${complaint(flow)}. `;
  const title = inconclusive.find(({ cause }) => cause.id === oneOf[0])?.cause.title ?? oneOf[0] ?? '';
  const which =
    oneOf.length > 1
      ? `It has one of ${oneOf.length} causes, most often this: ${title}`
      : `It may have this cause: ${title}`;
  return `${what}${which}. Not observed: ${missing}.`;
}

/** Id of the flow that the headline is about; where it speaks of none, of the first check. Absent for what the engine rejected. */
export function storyOf(diagnosis: Diagnosis): string | undefined {
  const { flows } = diagnosis;
  const lead = leading(diagnosis);
  switch (lead.kind) {
    case 'found':
      return lead.cause.flow?.id;
    case 'open':
      return telling(flows.filter(({ id }) => lead.ruling.explains.includes(id)))?.id;
    case 'unexplained':
      return lead.check;
    case 'nothing':
      return telling(flows.filter(({ probe }) => probe.purpose === 'check'))?.id;
  }
}

/** What a diagnosis says first. */
type Lead =
  | { readonly kind: 'found'; readonly cause: FoundCause; readonly others: number }
  | { readonly kind: 'open'; readonly ruling: PrintedInconclusive }
  | { readonly kind: 'unexplained'; readonly check: string }
  | { readonly kind: 'nothing' };

/** A cause leads, then causes that cannot be told apart, then what is unexplained. A note about a test target comes after all of these. */
function leading({ found, inconclusive, unexplained }: Diagnosis): Lead {
  const [primary] = [...found].sort((a, b) => Number(isNote(a)) - Number(isNote(b)));
  const [check] = unexplained;
  const open = inconclusive.find(({ ruling }) => ruling.explains.length > 0 && ruling.oneOf.length > 0);
  if (primary && !(isNote(primary) && (open !== undefined || check !== undefined)))
    return { kind: 'found', cause: primary, others: found.length - 1 };
  if (open) return { kind: 'open', ruling: open.ruling };
  return check === undefined ? { kind: 'nothing' } : { kind: 'unexplained', check };
}

function isNote({ cause }: FoundCause): boolean {
  return cause.about === 'test-target';
}

/** How many of the checks that were asked went as expected, those that went otherwise named by one of each kind. */
export function tally(all: readonly CheckResult[]): string {
  const checks = all.filter(({ verdict, predicted }) => verdict !== 'skipped' || predicted === undefined);
  const went = checks.filter(({ verdict }) => verdict === 'pass').length;
  const clauses = (['fail', 'flaky', 'broken', 'skipped'] as const).flatMap((verdict) => {
    const [first, ...more] = checks.filter((check) => check.verdict === verdict);
    if (first === undefined) return [];
    return [`${more.length + 1} ${OTHERWISE[verdict]} (${first.id}${more.length === 0 ? '' : ', …'})`];
  });
  const expected = `${went} of ${checks.length} checks went as expected`;
  return `${[expected, ...clauses].join(', ')}.`;
}

const OTHERWISE: Readonly<Record<Exclude<Verdict, 'pass'>, string>> = {
  fail: 'failed',
  flaky: 'lost packets',
  broken: 'could not be asked',
  skipped: 'could not be asked here',
};

/** The documented exit code of a run that came to its end: see the table in the README. */
export function exitCodeOf(scenarios: readonly ScenarioResult[], cleanup: Result['cleanup']): number {
  if (cleanup.state === 'incomplete') return 6;
  const verdicts = new Set(scenarios.map(({ verdict }) => verdict));
  if (verdicts.has('fail') || verdicts.has('flaky')) return onlyInconclusive(scenarios) ? 4 : 1;
  if (verdicts.has('broken')) return 4;
  if (scenarios.length === 0) return 5;
  return verdicts.has('pass') ? 0 : 3;
}

/** Nothing was found, and what failed could not be told apart by what was observed. */
function onlyInconclusive(scenarios: readonly ScenarioResult[]): boolean {
  const wrong = scenarios.filter(({ verdict }) => verdict === 'fail' || verdict === 'flaky');
  return wrong.every(
    ({ causes, inconclusive, unexplained }) =>
      causes.length === 0 && unexplained.length === 0 && inconclusive.some(({ explains }) => explains.length > 0),
  );
}

import type { CauseResult, CheckResult, Result, ScenarioResult } from './result.js';
import { plain } from '../printable.js';
import { observedText } from './words.js';

/** One thing that two results say differently. */
export interface Difference {
  readonly scenario: string;
  /** What it is about: `verdict`, a cause's id, a check's id. */
  readonly about: string;
  /** `undefined`: it is only in the other. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What changed from one result to another: verdicts, causes with their remedies, checks. Times and wording do not count. */
export function differences(before: Result, after: Result): readonly Difference[] {
  return pairs(before.scenarios, after.scenarios).flatMap(([was, is]) => {
    const scenario = plain((was ?? is)?.id ?? '');
    if (!was || !is) return [{ scenario, about: 'scenario', before: was?.verdict, after: is?.verdict }];
    return [
      ...differing('verdict', was.verdict, is.verdict),
      ...pairs(was.causes, is.causes).flatMap(([a, b]) => differing((a ?? b)?.id ?? '', causeText(a), causeText(b))),
      ...pairs(was.checks, is.checks).flatMap(([a, b]) => differing((a ?? b)?.id ?? '', checkText(a), checkText(b))),
    ].map((one) => ({ scenario, ...one }));
  });
}

/** Differences for a person at a terminal. */
export function renderDifferences(all: readonly Difference[]): string {
  if (all.length === 0) return 'Nothing changed.\n';
  const scenarios = [...new Set(all.map(({ scenario }) => scenario))];
  const lines = scenarios.flatMap((scenario) => [
    scenario,
    ...all.filter((one) => one.scenario === scenario).map(line),
  ]);
  return `${lines.join('\n')}\n`;
}

function line({ about, before, after }: Difference): string {
  if (before === undefined) return `  + ${about}: ${after}`;
  return after === undefined ? `  - ${about}: ${before}` : `  ~ ${about}: ${before} → ${after}`;
}

function differing(about: string, before: string | undefined, after: string | undefined) {
  return before === after ? [] : [{ about: plain(about), before, after }];
}

function causeText(cause: CauseResult | undefined): string | undefined {
  if (!cause) return undefined;
  const proof = cause.remedies[0]?.proof;
  return plain(
    `${cause.confidence}, accounts for ${cause.explains.join(', ') || 'no check'}${proof ? `, remedy ${proof}` : ''}`,
  );
}

function checkText(check: CheckResult | undefined): string | undefined {
  return check && plain(`${check.verdict}, ${observedText(check)}`);
}

/** Those of the same id beside each other, in the order of the first; then those that are only in the second. */
function pairs<Item extends Pick<ScenarioResult, 'id'>>(
  before: readonly Item[],
  after: readonly Item[],
): readonly (readonly [Item | undefined, Item | undefined])[] {
  const known = new Set(before.map(({ id }) => id));
  return [
    ...before.map((one) => [one, after.find(({ id }) => id === one.id)] as const),
    ...after.filter(({ id }) => !known.has(id)).map((one) => [undefined, one] as const),
  ];
}

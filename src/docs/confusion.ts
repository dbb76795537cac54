import { code, markdownTable } from '../markdown.js';
import type { Cause } from '../diagnosis/cause.js';
import { viewsSection, type JudgedView } from './views.js';

/** One recorded run: what its scenario says must be found, and what is. */
export interface ConfusionCase {
  readonly scenario: string;
  readonly expected: readonly string[];
  readonly found: readonly string[];
}

/** How well one cause is distinguished from the others, over all cases. */
export interface Score {
  readonly cause: string;
  /** Cases that must yield it and do. */
  readonly right: number;
  /** Cases that must yield it and do not. */
  readonly missed: number;
  /** Cases that must not yield it and do. */
  readonly wrong: number;
}

const NOTHING = 'nothing';

/** The scores of every cause that some case expects or yields. Pure. */
export function scoresOf(cases: readonly ConfusionCase[]): readonly Score[] {
  const causes = [...new Set(cases.flatMap(({ expected, found }) => [...expected, ...found]))].sort();
  const count = (test: (one: ConfusionCase) => boolean) => cases.filter(test).length;
  return causes.map((cause) => ({
    cause,
    right: count(({ expected, found }) => expected.includes(cause) && found.includes(cause)),
    missed: count(({ expected, found }) => expected.includes(cause) && !found.includes(cause)),
    wrong: count(({ expected, found }) => !expected.includes(cause) && found.includes(cause)),
  }));
}

/** Expected by found, with how often: what was found instead of the expected cause, or in addition to it. */
export function confusionOf(cases: readonly ConfusionCase[]): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const cells = cases.flatMap(({ expected, found }) => {
    const surplus = found.filter((one) => !expected.includes(one));
    const right = expected.filter((one) => found.includes(one)).map((one) => [one, one] as const);
    const missed = expected.filter((one) => !found.includes(one));
    const rows = missed.length > 0 ? missed : [expected.length === 0 ? NOTHING : 'nothing more'];
    const wrong = rows.flatMap((row) => surplus.map((one) => [row, one] as const));
    const unexplained = surplus.length === 0 ? missed.map((one) => [one, NOTHING] as const) : [];
    const healthy = expected.length === 0 && found.length === 0 ? [[NOTHING, NOTHING] as const] : [];
    return [...right, ...wrong, ...unexplained, ...healthy];
  });
  const matrix = new Map<string, Map<string, number>>();
  for (const [row, column] of cells) {
    const counts = matrix.get(row) ?? new Map<string, number>();
    matrix.set(row, counts.set(column, (counts.get(column) ?? 0) + 1));
  }
  return new Map([...matrix].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** `src/diagnosis/causes/CONFUSION.md`. Pure. */
export function confusionPage(
  cases: readonly ConfusionCase[],
  causes: readonly Cause[],
  views: ReadonlyMap<string, readonly JudgedView[]>,
): string {
  const scores = scoresOf(cases);
  const healthy = cases.filter(({ expected }) => expected.length === 0).length;
  const unshown = causes.filter(({ id }) => !scores.some(({ cause }) => cause === id));
  return [
    '# Does it name the right cause?',
    '<!-- Generated from the recorded runs by `make generate`. -->',
    `Evidence of ${cases.length} real runs in the lab, one for each scenario, diagnosed with today's rules. ${healthy} of them have nothing wrong, and must yield nothing. Precision is how often a cause that was named was there; recall how often one that was there was named.`,
    totalTable(scores),
    '## Expected by found',
    'A row is what the scenario broke, its entries what was found in its place, with the number of runs. Every entry that is not on the diagonal is an error.',
    markdownTable(['expected', 'found'], [...confusionOf(cases)].map(confusionRow)),
    '## By cause',
    markdownTable(['cause', 'runs', 'precision', 'recall'], scores.map(scoreRow)),
    viewsSection(views),
    ...(unshown.length > 0 ? ['## Shown by no run', markdownTable(['cause', 'why'], unshown.map(unshownRow))] : []),
  ]
    .join('\n\n')
    .concat('\n');
}

function totalTable(scores: readonly Score[]): string {
  const total = (key: 'right' | 'missed' | 'wrong') => scores.reduce((sum, score) => sum + score[key], 0);
  const row = ['all causes', percent(total('right'), total('wrong')), percent(total('right'), total('missed'))];
  return markdownTable(['', 'precision', 'recall'], [row]);
}

function confusionRow([row, counts]: readonly [string, ReadonlyMap<string, number>]): readonly string[] {
  const cells = [...counts].map(([found, times]) => `${row === found ? '' : '**instead:** '}${code(found)} × ${times}`);
  return [code(row), cells.join(', ')];
}

function scoreRow({ cause, right, missed, wrong }: Score): readonly string[] {
  return [code(cause), String(right + missed), percent(right, wrong), percent(right, missed)];
}

function unshownRow({ id, reproduced }: Cause): readonly string[] {
  return [code(id), reproduced?.by === 'not' ? reproduced.why : 'no recorded run expects it'];
}

function percent(part: number, rest: number): string {
  return part + rest === 0 ? '–' : `${Math.round((100 * part) / (part + rest))} %`;
}

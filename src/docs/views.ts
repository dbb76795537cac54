import { code, markdownTable } from '../markdown.js';
import type { ScenarioResult } from '../report/result.js';

/** What could be observed of a situation, beside the whole site: see {@link viewsSection}. */
export const VIEWS: Readonly<Record<string, string>> = {
  host: 'host and containers, with captures on the parent and in the container: plain `diagnose`',
  'host+gateway': 'the same, and what the router printed: `--gateway-evidence`',
  'host+client': 'as `host`, and what a LAN client printed: `--client-evidence`; a sample',
  container: 'no privileged helper container, but the containers’ own tools: `--no-privileged`',
};

/** What was told of one situation in one view, and what was wrong there. */
export interface ViewCase {
  readonly scenario: string;
  /** The causes that the scenario's author expects of the whole site. */
  readonly expected: readonly string[];
  readonly result: Pick<ScenarioResult, 'causes' | 'inconclusive' | 'unexplained' | 'checks'>;
}

/** Best first. `well`: nothing fails, and nothing is found. `silent`: checks fail, and nothing at all is said of them. */
export const GRADES = [
  'well',
  'named',
  'short list',
  'long list',
  'unexplained',
  'silent',
  'wrong beside',
  'wrong list',
  'wrong first',
] as const;
export type Grade = (typeof GRADES)[number];

/** How good an answer is. */
export interface JudgedView {
  readonly scenario: string;
  readonly expected: readonly string[];
  readonly grade: Grade;
  /** The causes that were named, in order, `?` after those that are only likely. */
  readonly named: readonly string[];
  /** The causes of which one was said to be it. */
  readonly listed: readonly string[];
}

/** Longer lists are no answer. */
const SHORT = 3;

/** Judges what was told by what is wrong. A container may suffer from one of several causes, or from none of them. Pure. */
export function judged({ scenario, expected, result }: ViewCase): JudgedView {
  const { causes } = result;
  return {
    scenario,
    expected,
    grade: gradeOf(expected, result),
    named: causes.map(({ id, confidence }) => `${id}${confidence === 'likely' ? '?' : ''}`),
    listed: listOf(result),
  };
}

function gradeOf(expected: readonly string[], result: ViewCase['result']): Grade {
  const { causes, unexplained } = result;
  // What a driver does by design, or what is only worth knowing, is true beside any fault.
  const told = causes.filter(({ id, kind }) => kind === 'fault' || expected.includes(id));
  const [first] = told;
  const isWrong = ({ id }: { readonly id: string }) => !expected.includes(id);
  if (first && isWrong(first)) return 'wrong first';
  if (told.some(isWrong)) return 'wrong beside';
  if (first && unexplained.length === 0) return 'named';
  if (failing(result).size === 0) return 'well';
  const list = listOf(result);
  if (list.length > 0 && !list.some((id) => expected.includes(id))) return 'wrong list';
  if (list.length > 0) return list.length <= SHORT ? 'short list' : 'long list';
  if (unexplained.length > 0) return 'unexplained';
  return causes.length > 0 ? 'well' : 'silent';
}

/** What cannot be told apart of the checks that fail; what only a comparison shows was not asked. */
function listOf(result: ViewCase['result']): readonly string[] {
  const fails = failing(result);
  const open = result.inconclusive.filter(({ explains }) => explains.some((id) => fails.has(id)));
  return [...new Set(open.flatMap(({ id, oneOf }) => [id, ...oneOf]))].sort();
}

function failing({ checks }: ViewCase['result']): ReadonlySet<string> {
  const failed = checks.filter(({ observed }) => observed === 'blocked' || observed === 'partly reachable');
  return new Set(failed.map(({ id }) => id));
}

/** An answer on one line. */
export function judgedText({ scenario, grade, named, listed }: JudgedView): string {
  const parts = [
    named.length > 0 ? `named ${named.join(', ')}` : '',
    listed.length > 0 ? `one of ${listed.join(', ')}` : '',
  ].filter(Boolean);
  return [`${scenario}: ${grade}`, ...parts].join('; ');
}

/** One table for each view, and what is not named in it. Pure. */
export function viewsSection(views: ReadonlyMap<string, readonly JudgedView[]>): string {
  return [
    '## Seen with less',
    'The same situations, diagnosed by a real `diagnose` of one of their containers, with the checks it makes by itself. Not all of what is wrong somewhere in a site fails a check of that container: where none fails, nothing must be found. A short list has three causes at most.',
    markdownTable(
      ['view', 'diagnosed', 'nothing fails', 'named', 'short list', 'longer list', 'unexplained', 'wrong'],
      [...views].map(([view, cases]) => totals(view, cases)),
    ),
    ...[...views].flatMap(([view, cases]) => notNamed(view, cases)),
  ].join('\n\n');
}

function totals(view: string, cases: readonly JudgedView[]): readonly string[] {
  const suffered = cases.filter(({ grade }) => grade !== 'well').length;
  const count = (...grades: readonly Grade[]) => {
    const all = cases.filter(({ grade }) => grades.includes(grade)).length;
    return suffered === 0 ? String(all) : `${all} (${Math.round((100 * all) / suffered)} %)`;
  };
  return [
    code(view),
    String(cases.length),
    String(cases.length - suffered),
    count('named'),
    count('short list'),
    count('long list'),
    count('unexplained', 'silent'),
    count('wrong first', 'wrong list', 'wrong beside'),
  ];
}

function notNamed(view: string, cases: readonly JudgedView[]): readonly string[] {
  const rows = cases
    .filter(({ grade }) => grade !== 'named' && grade !== 'well')
    .toSorted((a, b) => GRADES.indexOf(b.grade) - GRADES.indexOf(a.grade))
    .map(({ scenario, expected, grade, named, listed }) => [
      code(scenario),
      expected.map(code).join(', ') || '–',
      grade === 'short list' ? `short list of ${listed.length}` : grade,
      [...named, ...(listed.length > 0 ? [`one of ${listed.map(code).join(', ')}`] : [])].join(', ') || '–',
    ]);
  if (rows.length === 0) return [];
  return [
    `### Not named in view ${code(view)}`,
    `Known: ${VIEWS[view] ?? view}.`,
    markdownTable(['scenario', 'expected', 'answer', 'told'], rows),
  ];
}

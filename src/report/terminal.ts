import pc from 'picocolors';
import { commandLine } from '../shell.js';
import { commandLines, testLines, toPaste } from './command-lines.js';
import { gridOf, type Grid } from './grid.js';
import { table, wrap } from './layout.js';
import { MARKS, pictureOf, type Picture, type Station } from './picture.js';
import { shortListsOf } from './short-lists.js';
import type { CauseResult, Result, ScenarioResult, Verdict } from './result.js';
import { plain, plainLines, printable } from '../printable.js';
import {
  causesText,
  expectedText,
  observedText,
  openText,
  predictedText,
  predictedTogetherText,
  proofText,
  secondsOf,
  sentText,
  SIGNS,
  whatIfLines,
} from './words.js';

/** How a result is shown. */
export interface View {
  /** Nothing is wider than this. */
  readonly columns: number;
  /** The whole story of every scenario, not only of those that need it. */
  readonly verbose: boolean;
}

const COLOURS: Readonly<Record<Verdict, (text: string) => string>> = {
  pass: pc.green,
  fail: pc.red,
  flaky: pc.yellow,
  skipped: pc.dim,
  broken: pc.magenta,
};

function cleanUp(...flags: readonly string[]): string {
  return ['To clean up:', ...toPaste(commandLine(['ipvlan-doctor', 'gc', ...flags]), '', pc.cyan)].join('\n');
}

/** A result for a person at a terminal. Colours follow `NO_COLOR` and `FORCE_COLOR`; the words say the same without. */
export function renderTerminal(result: Result, view: View): string {
  const { scenarios, error, cleanup, run } = printable(result);
  const parts = [
    ...scenarios.map((scenario) =>
      renderScenario(scenario, { ...view, verbose: view.verbose || scenarios.length === 1 }),
    ),
    ...(scenarios.length > 1 ? [summary(scenarios, view.columns)] : []),
    ...(error ? [stopped(error, view.columns)] : []),
    ...(cleanup.state === 'kept'
      ? [`${wrap('Kept on request, faults included.', view.columns)}\n${cleanUp('--run', run.id)}`]
      : []),
    ...(cleanup.left.length > 0
      ? [`${wrap(`${pc.red('Left behind:')} ${cleanup.left.map(plain).join('; ')}.`, view.columns)}\n${cleanUp()}`]
      : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** A hint may be a command, or quote one: the terminal breaks its lines where it must. */
function stopped({ message, hint }: NonNullable<Result['error']>, columns: number): string {
  const told = wrap(`${pc.red('Stopped:')} ${plain(message)}`, columns);
  return hint === undefined ? told : [told, ...plainLines(hint).split('\n')].join('\n');
}

/** One line for a scenario that is done, as progress shows it. */
export function renderScenarioLine(foreign: ScenarioResult): string {
  const scenario = printable(foreign);
  return `${SIGNS[scenario.verdict]} ${scenario.id}: ${scenario.verdict} (${causesText(scenario) || scenario.reason || ''}, ${secondsOf(scenario)} s)`;
}

function renderScenario(scenario: ScenarioResult, { columns, verbose }: View): string {
  const { verdict, id, title, headline, reason } = scenario;
  const head = [
    wrap(`${COLOURS[verdict](`${SIGNS[verdict]} ${verdict}`)}  ${pc.bold(id)}  ${plain(title)}`, columns),
    wrap(plain(headline), columns, '  '),
    ...(reason ? [wrap(`${verdict}: ${plain(reason)}`, columns, '  ')] : []),
  ];
  const needsStory = verbose || verdict === 'fail' || verdict === 'flaky' || verdict === 'broken';
  const brief = scenario.causes.length > 0 ? where(scenario, columns) : [];
  const asked = whatIfLines(scenario).map((line, at) => wrap(plain(line), columns, at === 0 ? '  ' : '    '));
  return [...head, ...(needsStory ? story(scenario, columns) : brief), ...asked].join('\n');
}

/** Where the packet is lost, and at which rule. */
function where(scenario: ScenarioResult, columns: number): string[] {
  const picture = pictureOf(scenario);
  return picture ? ['', ...pictureLines(picture, columns)] : [];
}

function story(scenario: ScenarioResult, columns: number): string[] {
  const blamed = scenario.ruledOut.filter(({ oftenBlamed }) => oftenBlamed);
  return [
    ...where(scenario, columns),
    ...(scenario.checks.length > 0 ? ['', checks(scenario, columns)] : []),
    ...scenario.causes.flatMap((cause) => ['', ...causeLines(cause, columns)]),
    ...textLine(predictedTogetherText(scenario), columns),
    ...shortListsOf(scenario.inconclusive).flatMap((one) => [
      '',
      wrap(plain(openText(one)), columns, '  '),
      ...testLines(one, '  '),
    ]),
    ...blamed.map(({ title, because }) => wrap(`Ruled out: ${plain(title)}. ${plain(because)}`, columns, '  ')),
    ...(scenario.unexplained.length > 0
      ? [wrap(`Unexplained: ${scenario.unexplained.map(plain).join(', ')}`, columns, '  ')]
      : []),
    ...scenario.warnings.map((warning) => wrap(`Warning: ${plain(warning)}`, columns, '  ')),
    ...scenario.assumptions.map((assumption) => wrap(`Not seen: ${plain(assumption)}`, columns, '  ')),
    ...(scenario.sent ? [wrap(sentText(scenario.sent), columns, '  ')] : []),
  ];
}

function causeLines({ id, title, confidence, observations, remedies }: CauseResult, columns: number): string[] {
  const fix = remedies[0];
  return [
    wrap(`Cause: ${pc.bold(id)} (${confidence}): ${plain(title)}`, columns, '  '),
    ...observations.map(({ sentence }) => wrap(`· ${plain(sentence)}`, columns, '    ')),
    ...(fix ? [wrap(`Fix (${plain(proofText(fix))}): ${plain(fix.title)}`, columns, '  ')] : []),
    ...(fix ? commandLines(fix.commands, '    ') : []),
    ...textLine(fix && predictedText(fix), columns),
  ];
}

function textLine(text: string | undefined, columns: number): string[] {
  return text === undefined ? [] : [wrap(plain(text), columns, '  ')];
}

function pictureLines({ flow, forward, return: returned, caption, kernel }: Picture, columns: number): string[] {
  return [
    wrap(plain(flow), columns, '  '),
    row('forward', forward, columns),
    ...(returned.length > 0 ? [row('return', returned, columns)] : []),
    wrap(plain(caption), columns, '  '),
    ...(kernel === undefined ? [] : [wrap(plain(kernel), columns, '  ')]),
  ];
}

function row(name: string, stations: readonly Station[], columns: number): string {
  const cells = stations.map(({ label, state }) => `${MARKS[state]} ${marked(label, state)}`);
  return wrap(`${name.padEnd(7)} ${cells.join(' → ')}`, columns, '  ');
}

/** In brackets where it ends; red only where that was seen, or follows from what was seen. */
function marked(label: string, state: Station['state']): string {
  if (state === 'failed') return pc.red(pc.bold(`[${label}]`));
  return state === 'suspected' ? `[${label}]` : label;
}

function checks(scenario: ScenarioResult, columns: number): string {
  const grid = gridOf(scenario);
  if (grid) return square(grid, columns);
  const { checks: all } = scenario;
  const rows = all.map((check) => [
    plain(check.from),
    plain(check.to),
    check.over,
    expectedText(check),
    plain(observedText(check)),
    COLOURS[check.verdict](`${SIGNS[check.verdict]} ${check.verdict}`),
  ]);
  return table(['from', 'to', 'over', 'expected', 'observed', 'verdict'], rows, columns);
}

const ROOM_FOR_CELL = 8;

/** Where numbers do not fit: one sign for each pair, in the order of the rows. */
function signs({ names, cells }: Grid, columns: number): string {
  const longest = Math.max(...names.map(({ length }) => length));
  return names
    .map((name, at) => {
      const row = (cells[at] ?? []).map((cell) => (cell ? COLOURS[cell.verdict](SIGNS[cell.verdict]) : '·'));
      return wrap(`${plain(name).padEnd(longest)} ${row.join('')}`, columns, '  ');
    })
    .join('\n');
}

/** Columns go by number, for names across would not fit; round trips in milliseconds. */
function square({ names, cells }: Grid, columns: number): string {
  if (names.length * ROOM_FOR_CELL + Math.max(...names.map(({ length }) => length)) > columns)
    return signs({ names, cells }, columns);
  const rows = cells.map((row, at) => [
    `${at + 1} ${plain(names[at] ?? '')}`,
    ...row.map((cell) => (cell ? COLOURS[cell.verdict](cell.text) : '·')),
  ]);
  return table(['from / to, ms', ...names.map((_, at) => String(at + 1))], rows, columns);
}

function summary(scenarios: readonly ScenarioResult[], columns: number): string {
  const rows = scenarios.map((scenario) => [
    scenario.id,
    COLOURS[scenario.verdict](`${SIGNS[scenario.verdict]} ${scenario.verdict}`),
    causesText(scenario),
    scenario.remedy.proof === 'not tried' ? '' : scenario.remedy.proof,
    secondsOf(scenario),
  ]);
  return table(['scenario', 'verdict', 'cause', 'remedy', 's'], rows, columns);
}

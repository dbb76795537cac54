import type { CauseResult, Result, ScenarioResult } from '../result.js';
import { plainLines, printable } from '../../printable.js';
import { casesOfRun } from './cases.js';
import { head, overview, scenarioMarkdown } from './markdown.js';

/** GitHub shows ten annotations of a kind for a step, and takes 1 MiB of summary. */
const MOST_ANNOTATIONS = 10;
const MOST_BYTES = 1_000_000;

type Level = 'error' | 'warning' | 'notice';

interface Annotation {
  readonly level: Level;
  readonly title: string;
  readonly message: string;
  readonly file: string | undefined;
  readonly line: number | undefined;
}

/** Workflow commands that GitHub shows beside the code: one for each cause, however many scenarios it broke. */
export function githubAnnotations(result: Result): string {
  const told = printable(result);
  const all = [...byCause(told.scenarios), ...others(told)];
  const shown = (['error', 'warning', 'notice'] as const).flatMap((level) =>
    all.filter((one) => one.level === level).slice(0, MOST_ANNOTATIONS),
  );
  return shown.map((one) => `${workflowCommand(one)}\n`).join('');
}

/** A job summary: the overview, then scenarios, those that went wrong first, as many as there is room for. */
export function githubSummary(foreign: Result): string {
  const result = printable(foreign);
  const { scenarios } = result;
  const parts = [head(result), ...(scenarios.length > 1 ? [overview(scenarios)] : [])];
  let room = MOST_BYTES - parts.reduce((sum, part) => sum + Buffer.byteLength(part) + 2, 0);
  const wrongFirst = [...scenarios].sort((a, b) => Number(a.verdict === 'pass') - Number(b.verdict === 'pass'));
  for (const [index, scenario] of wrongFirst.entries()) {
    const part = scenarioMarkdown(scenario);
    room -= Buffer.byteLength(part) + 2;
    if (room < 0)
      return `${[...parts, `${scenarios.length - index} more in the report.`].join('\n\n')}\n`.slice(0, MOST_BYTES);
    parts.push(part);
  }
  return `${parts.join('\n\n')}\n`;
}

function byCause(scenarios: readonly ScenarioResult[]): readonly Annotation[] {
  const wrong = scenarios.filter(({ verdict }) => verdict === 'fail' || verdict === 'flaky');
  const surprising = wrong.flatMap((scenario) =>
    scenario.causes.filter(({ id }) => !scenario.expectedCauses?.includes(id)).map((cause) => ({ scenario, cause })),
  );
  const ids = [...new Set(surprising.map(({ cause }) => cause.id))];
  return ids.flatMap((id): Annotation[] => {
    const [first, ...more] = surprising.filter(({ cause }) => cause.id === id);
    if (!first) return [];
    const { cause, scenario } = first;
    const also = more.length > 0 ? `\nAlso in ${more.map((one) => one.scenario.id).join(', ')}.` : '';
    const message = `${cause.explanation}${also}`;
    const level = cause.kind === 'fault' ? 'error' : 'warning';
    return [{ level, title: cause.title, message, ...placeOf(scenario, cause) }];
  });
}

/** Scenarios that went wrong without an unexpected cause, and what stopped the run. */
function others(result: Result): readonly Annotation[] {
  const { scenarios } = result;
  const wrong = scenarios.filter(
    ({ verdict, causes, expectedCauses }) =>
      verdict === 'broken' ||
      ((verdict === 'fail' || verdict === 'flaky') && causes.every(({ id }) => expectedCauses?.includes(id))),
  );
  return [
    ...casesOfRun(result).map(({ type, message }): Annotation => {
      return { level: 'error', title: type, message, file: undefined, line: undefined };
    }),
    ...wrong.map((scenario): Annotation => ({
      level: 'error',
      title: `${scenario.id}: ${scenario.verdict}`,
      message: scenario.reason ?? scenario.headline,
      ...placeOf(scenario, { flow: scenario.flow, explains: scenario.unexplained }),
    })),
  ];
}

/** The line of the check that is spoken of, else of the first that is explained. */
function placeOf(
  { file, checks }: ScenarioResult,
  { flow, explains }: Pick<CauseResult, 'flow' | 'explains'>,
): Pick<Annotation, 'file' | 'line'> {
  const told = checks.find(({ id }) => id === flow) ?? checks.find(({ id }) => explains.includes(id));
  return { file, line: told?.line };
}

function workflowCommand({ level, title, message, file, line }: Annotation): string {
  const properties = Object.entries({ file, line: line === undefined ? undefined : String(line), title })
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${escapeProperty(value)}`]))
    .join(',');
  return `::${level} ${properties}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return plainLines(text).replaceAll('%', '%25').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

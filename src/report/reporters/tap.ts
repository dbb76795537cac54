import type { Result } from '../result.js';
import { plain, printable } from '../../printable.js';
import { casesOf, casesOfRun, type Case } from './cases.js';

/** The Test Anything Protocol, version 14: a point for each check, with what is known where it failed. */
export function renderTap(result: Result): string {
  const told = printable(result);
  const { scenarios, error } = told;
  const points = [
    ...scenarios.flatMap((scenario) => casesOf(scenario).map((one) => ({ ...one, scenario: scenario.id }))),
    ...casesOfRun(told).map((one) => ({ ...one, scenario: 'the run itself' })),
  ];
  return [
    'TAP version 14',
    `1..${points.length}`,
    ...points.map((one, index) => point(one, index + 1)),
    ...(error ? [`Bail out! ${described(error.message)}`] : []),
    '',
  ].join('\n');
}

function point(
  { scenario, name, verdict, type, message, details }: Case & { scenario: string },
  number: number,
): string {
  const description = `${number} - ${described(`${scenario}: ${name}`)}`;
  if (verdict === 'pass') return `ok ${description}`;
  if (verdict === 'skipped') return `ok ${description} # SKIP ${described(message)}`;
  const facts = { verdict, cause: type, message, details };
  // Any JSON is YAML, and escapes any text a tool printed.
  const lines = Object.entries(facts).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`);
  return [`not ok ${description}`, '  ---', ...lines, '  ...'].join('\n');
}

function described(text: string): string {
  return plain(text).replaceAll(/[\\#]/g, '\\$&');
}

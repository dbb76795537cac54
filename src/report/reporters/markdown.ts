import { pictureOf } from '../picture.js';
import type { CauseResult, RemedyResult, Result, ScenarioResult } from '../result.js';
import { printable } from '../../printable.js';
import {
  causesText,
  decideText,
  expectedText,
  observedText,
  openText,
  predictedText,
  proofText,
  secondsOf,
  sentText,
  SIGNS,
} from '../words.js';
import { fenced, md } from './markdown-text.js';
import { mermaid } from './mermaid.js';
import { shortListsOf, type ShortList } from '../short-lists.js';

/** A result for a ticket or a pull request, in the reader's order: what is broken, where, the fix, why we believe it. */
export function renderMarkdown(foreign: Result): string {
  const result = printable(foreign);
  const { scenarios } = result;
  return `${[head(result), ...(scenarios.length > 1 ? [overview(scenarios)] : []), ...scenarios.map(scenarioMarkdown)].join('\n\n')}\n`;
}

/** Above all scenarios: what ran, and what stopped it. */
export function head({ run, error, environment, cleanup }: Result): string {
  const where = environment
    ? ` on ${environment.facts.product} ${environment.facts.version}, kernel ${environment.facts.kernel}`
    : '';
  const stopped = error ? [`**Stopped:** ${md(error.message)}${error.hint ? ` ${md(error.hint)}` : ''}`] : [];
  const left = cleanup.left.length > 0 ? [`**Left behind:** ${md(cleanup.left.join('; '))}.`] : [];
  const what = `${md(run.id)}${md(where)}, exit code ${run.exitCode}.`;
  return [`# ipvlan-doctor ${md(run.verb)}`, what, ...stopped, ...left].join('\n\n');
}

export function overview(scenarios: readonly ScenarioResult[]): string {
  const rows = scenarios.map((one) => [
    md(one.id),
    `${SIGNS[one.verdict]} ${one.verdict}`,
    md(causesText(one)),
    one.remedy.proof === 'not tried' ? '' : one.remedy.proof,
    secondsOf(one),
  ]);
  return table(['scenario', 'verdict', 'cause', 'remedy', 's'], rows);
}

export function scenarioMarkdown(scenario: ScenarioResult): string {
  const { id, verdict, title, headline, reason, causes, checks } = scenario;
  const picture = pictureOf(scenario);
  const parts = [
    `## ${SIGNS[verdict]} ${md(id)}: ${md(title)}`,
    `**${md(headline)}**`,
    ...(reason ? [`${verdict}: ${md(reason)}`] : []),
    ...(picture ? [fenced(mermaid(picture), 'mermaid'), md(picture.caption)] : []),
    ...causes.flatMap(causeMarkdown),
    ...beliefs(scenario),
  ];
  if (checks.length === 0) return parts.join('\n\n');
  const rows = checks.map((check) => [
    ...[check.from, check.to, check.over, expectedText(check), observedText(check)].map(md),
    `${SIGNS[check.verdict]} ${check.verdict}`,
  ]);
  const all = table(['from', 'to', 'over', 'expected', 'observed', 'verdict'], rows);
  return [...parts, `<details><summary>${checks.length} checks</summary>\n\n${all}\n\n</details>`].join('\n\n');
}

function causeMarkdown({ id, title, confidence, observations, remedies }: CauseResult): readonly string[] {
  return [
    `Cause: **${md(id)}** (${confidence}). ${md(title)}.`,
    ...(observations.length > 0 ? [observations.map(({ sentence }) => `- ${md(sentence)}`).join('\n')] : []),
    ...remedies.slice(0, 1).map(remedyMarkdown),
    ...(remedies.length > 1
      ? [
          `<details><summary>Other fixes</summary>\n\n${remedies.slice(1).map(remedyMarkdown).join('\n\n')}\n\n</details>`,
        ]
      : []),
  ];
}

function remedyMarkdown(remedy: RemedyResult): string {
  const { title, commands, use, proof, because } = remedy;
  const predicted = predictedText(remedy);
  const steps = commands.flatMap(({ on, run, undo }) => [
    `On ${md(on)}:`,
    fenced(run, 'sh'),
    ...(undo === undefined ? [] : ['To undo:', fenced(undo, 'sh')]),
  ]);
  const fix = `Fix: ${md(title)}${use === 'run' ? ` (${md(proofText({ proof, because }))})` : ''}.`;
  return [fix, ...(predicted === undefined ? [] : [md(predicted)]), ...steps].join('\n\n');
}

function beliefs({
  ruledOut,
  inconclusive,
  unexplained,
  assumptions,
  warnings,
  sent,
}: ScenarioResult): readonly string[] {
  const items = [
    ...ruledOut
      .filter(({ oftenBlamed }) => oftenBlamed)
      .map(({ title, because }) => md(`Ruled out: ${title}. ${because}`)),
    ...shortListsOf(inconclusive).map(openMarkdown),
    ...(unexplained.length > 0 ? [md(`Unexplained: ${unexplained.join(', ')}`)] : []),
    ...assumptions.map((text) => md(`Not seen: ${text}`)),
    ...warnings.map((text) => md(`Warning: ${text}`)),
    ...(sent ? [md(sentText(sent))] : []),
  ];
  return items.length > 0 ? [items.map((item) => `- ${item}`).join('\n')] : [];
}

/** The test that decides is a block within the item of its list. */
function openMarkdown(open: ShortList): string {
  if (open.test === undefined) return md(openText(open));
  const test = [md(decideText(open.test)), '', ...fenced(open.test.run, 'sh').split('\n')];
  return [md(openText(open)), ...test.map((line) => (line === '' ? '' : `  ${line}`))].join('\n');
}

function table(names: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(names), line(names.map(() => '---')), ...rows.map(line)].join('\n');
}

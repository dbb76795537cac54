import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { everyCommand, program } from '../../src/commands/program.js';
import { CAUSES } from '../../src/diagnosis/causes/index.js';
import { renderHtml } from '../../src/report/html/page.js';
import { renderMarkdown } from '../../src/report/reporters/markdown.js';
import type { ScenarioResult } from '../../src/report/result.js';
import { renderTerminal } from '../../src/report/terminal.js';
import { rediagnosed } from '../../src/workflows/bundle/rediagnose.js';
import { recorded, recordedIds } from '../diagnosis/situation.js';
import { result } from '../report/results.js';
import { VIEWS, type ViewName } from '../replay/behaviour.js';

/** A text the product prints, and where a reader meets it. */
export interface Said {
  readonly where: string;
  readonly text: string;
}

/** Pages that are read as they are. */
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'scenarios/README.md',
  'src/README.md',
  'src/diagnosis/causes/README.md',
  'src/diagnosis/causes/CONFUSION.md',
];

/** Every cause as `explain` prints it. */
export function explained(): readonly Said[] {
  return CAUSES.map(({ id, title, background }) => ({ where: `explain ${id}`, text: `${title}. ${background}` }));
}

/** `--help` of every verb. */
export function helped(): readonly Said[] {
  return everyCommand(program()).map((command) => ({
    where: `${command.name()} --help`,
    text: command.helpInformation(),
  }));
}

export function pages(): readonly Said[] {
  return PAGES.map((where) => ({ where, text: readFileSync(where, 'utf8') }));
}

/** Every recorded run in a view, as the terminal, HTML and Markdown tell it. */
export function reported(view: ViewName): readonly Said[] {
  return recordedIds().flatMap((id) => {
    const told = rediagnosed({ id, evidence: VIEWS[view](recorded(id)), was: undefined });
    return RENDERERS.map(([name, render]) => ({ where: `${name} of ${id}, ${view}`, text: render(told) }));
  });
}

const RENDERERS: readonly (readonly [string, (scenario: ScenarioResult) => string])[] = [
  ['terminal', (one) => stripVTControlCharacters(renderTerminal(result([one]), { columns: 10_000, verbose: true }))],
  [
    'HTML',
    (one) =>
      renderHtml(result([one]))
        .replaceAll(/<(style|script)[^]*?<\/\1>/g, '')
        .replaceAll(/<[^>]*>/g, ' '),
  ],
  ['Markdown', (one) => renderMarkdown(result([one]))],
];

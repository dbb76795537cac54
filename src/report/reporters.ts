import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DoctorError, messageOf } from '../errors.js';
import { didYouMean } from '../suggest.js';
import { renderHtml } from './html/page.js';
import { resultJson } from './json.js';
import { githubAnnotations, githubSummary } from './reporters/github.js';
import { renderJunit } from './reporters/junit.js';
import { renderMarkdown } from './reporters/markdown.js';
import { renderSarif } from './reporters/sarif.js';
import { renderTap } from './reporters/tap.js';
import type { Result } from './result.js';
import { renderTerminal, type View } from './terminal.js';
import { replaceFile, unwritable } from './write.js';

/** Where text goes: standard output, a file that is replaced, or one that another process began. */
type Destination = { readonly to: 'stdout' } | { readonly to: 'file' | 'end of'; readonly file: string };

/** What a reporter makes of a result. */
type Rendering = Destination & { readonly text: string };

/** Where reporters write, and for which reader. */
export interface ReporterContext {
  /** The report's directory: where files go that were given no path. */
  readonly directory: string;
  /** `GITHUB_STEP_SUMMARY`, where GitHub runs us. */
  readonly stepSummary: string | undefined;
  readonly view: View;
  readonly print: (text: string) => void;
}

type Reporter = (result: Result, path: string | undefined, around: ReporterContext) => readonly Rendering[];

const REPORTERS: Readonly<Record<string, Reporter>> = {
  json: inFile('result.json', resultJson),
  html: inFile('index.html', renderHtml),
  terminal: (result, path, { view }) => [{ ...destination(path, undefined), text: renderTerminal(result, view) }],
  junit: inFile('junit.xml', renderJunit),
  markdown: inFile('report.md', renderMarkdown),
  sarif: inFile('report.sarif', renderSarif),
  tap: inFile('report.tap', renderTap),
  github(result, path, { directory, stepSummary }) {
    const text = githubSummary(result);
    const summary: Rendering =
      path === undefined && stepSummary
        ? { to: 'end of', file: stepSummary, text }
        : { ...destination(path, join(directory, 'summary.md')), text };
    return [{ to: 'stdout', text: githubAnnotations(result) }, summary];
  },
};

/** A reporter the user asked for: `junit`, or `junit:build/junit.xml`; `-` stands for standard output. */
export interface ReporterWish {
  readonly name: string;
  readonly path: string | undefined;
}

/** @throws DoctorError `USAGE` when there is no such reporter */
export function parseReporter(text: string): ReporterWish {
  const [name = '', ...path] = text.split(':');
  if (Object.hasOwn(REPORTERS, name)) return { name, path: path.join(':') || undefined };
  const names = Object.keys(REPORTERS);
  throw new DoctorError('USAGE', `There is no reporter called ${name}.${didYouMean(name, names)}`, {
    hint: `There are: ${names.join(', ')}.`,
  });
}

/** Whether a reporter has the terminal to itself, so that nothing else should be printed there. */
export function printsItself({ name, path }: ReporterWish): boolean {
  return path === '-' || name === 'github' || (name === 'terminal' && path === undefined);
}

/**
 * Lets every reporter tell the result. One that fails is none of the others' business, and none of the run's.
 *
 * @returns what went wrong, an error for each reporter that failed
 */
export async function report(
  result: Result,
  wishes: readonly ReporterWish[],
  around: ReporterContext,
): Promise<readonly DoctorError[]> {
  const problems: DoctorError[] = [];
  for (const { name, path } of wishes) {
    try {
      for (const rendering of REPORTERS[name]?.(result, path, around) ?? []) await deliver(rendering, around);
    } catch (error) {
      problems.push(failed(name, error));
    }
  }
  return problems;
}

async function deliver(rendering: Rendering, { print }: ReporterContext): Promise<void> {
  if (rendering.to === 'stdout') {
    print(rendering.text);
    return;
  }
  const { to, file, text } = rendering;
  if (to === 'file') return replaceFile(file, text);
  await appendFile(file, text).catch((error: unknown) => Promise.reject(unwritable(file, error)));
}

/** What cannot be written is the user's to settle; any other failure is a defect. */
function failed(name: string, error: unknown): DoctorError {
  const { code, hint } = error instanceof DoctorError ? error : { code: 'INTERNAL' as const, hint: undefined };
  return new DoctorError(code, `The reporter ${name} failed: ${messageOf(error)}`, { hint, cause: error });
}

function inFile(name: string, render: (result: Result) => string): Reporter {
  return (result, path, { directory }) => [{ ...destination(path, join(directory, name)), text: render(result) }];
}

function destination(path: string | undefined, otherwise: string | undefined): Destination {
  const file = path ?? otherwise;
  return file === undefined || file === '-' ? { to: 'stdout' } : { to: 'file', file };
}

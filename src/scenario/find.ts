import { readdir, stat } from 'node:fs/promises';
import { basename, isAbsolute, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DoctorError } from '../errors.js';
import { didYouMean } from '../suggest.js';
import { type LoadedScenario, loadScenario } from './load.js';
import { invalid } from './problems.js';

/** Where the scenarios that come with the tool are. */
const BUILT_IN = fileURLToPath(new URL('../../scenarios/', import.meta.url));

/** Ids of the scenarios that come with the tool. */
export async function builtInScenarios(): Promise<readonly string[]> {
  return (await scenarioFiles(BUILT_IN)).map(idOf);
}

/**
 * Loads what a user asked for: files, directories of files, and ids of built-in scenarios; all built-in ones when nothing
 * is asked. A file asked for twice is loaded once.
 *
 * @throws DoctorError NOT_FOUND for the first argument that is nothing of this, SCENARIO_INVALID with the problems of all files
 */
export async function loadScenarios(wanted: readonly string[]): Promise<readonly LoadedScenario[]> {
  const found = wanted.length > 0 ? (await Promise.all(wanted.map(filesOf))).flat() : await scenarioFiles(BUILT_IN);
  const files = [...new Set(found.map(asNamed))];
  const results = await Promise.allSettled(files.map(loadScenario));
  const problems = [...results.flatMap(problemsOf), ...sharedIds(files)];
  if (problems.length > 0) throw invalid(problems);
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

async function filesOf(wanted: string): Promise<readonly string[]> {
  const kind = await stat(wanted).catch(() => undefined);
  if (kind?.isDirectory()) {
    const files = await scenarioFiles(wanted);
    if (files.length > 0) return files;
    throw new DoctorError('NOT_FOUND', `The directory ${wanted} holds no scenario.`, {
      hint: 'A scenario is a file that ends in .yaml.',
    });
  }
  if (kind) return [wanted];
  const files = await scenarioFiles(BUILT_IN);
  const builtIn = files.find((file) => idOf(file) === wanted);
  if (builtIn !== undefined) return [builtIn];
  throw notFound(wanted, files.map(idOf));
}

function notFound(wanted: string, ids: readonly string[]): DoctorError {
  const isPath = /[/\\]|\.ya?ml$/.test(wanted);
  const guess = didYouMean(idOf(wanted), ids);
  const hint = '`ipvlan-doctor list scenarios` shows all.';
  const what = isPath ? `There is no file or directory ${wanted}.` : `No scenario is called ${wanted}.`;
  return new DoctorError('NOT_FOUND', `${what}${guess}`, { hint });
}

async function scenarioFiles(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory);
  return entries
    .filter((entry) => /\.ya?ml$/.test(entry) && !entry.startsWith('.'))
    .sort()
    .map((entry) => join(directory, entry));
}

function idOf(file: string): string {
  return basename(file).replace(/\.ya?ml$/, '');
}

/** What is wrong with one file. Anything but its content is not the author's fault and ends the whole. */
function problemsOf(result: PromiseSettledResult<LoadedScenario>): readonly string[] {
  if (result.status === 'fulfilled') return [];
  const error = result.reason as Error;
  if (error instanceof DoctorError && error.code === 'SCENARIO_INVALID') return [error.message];
  throw error;
}

/** Errors and reports name files as the user would: from here, unless that would climb. */
function asNamed(file: string): string {
  const near = relative('.', file);
  return near.startsWith('..') || isAbsolute(near) ? file : near;
}

/** Reports tell scenarios apart by id. */
function sharedIds(files: readonly string[]): readonly string[] {
  return files.flatMap((file, index) => {
    const first = files.slice(0, index).find((other) => idOf(other) === idOf(file));
    return first === undefined ? [] : [`${file}:1:1: ${first} is called ${idOf(file)} too. Rename one of them.`];
  });
}

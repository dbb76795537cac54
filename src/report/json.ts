import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { json } from '../printable.js';
import { DoctorError, messageOf } from '../errors.js';
import { RESULT_VERSION, type Result } from './result.js';
import { resultSchema } from './schema.js';

/** A result as it is written: keys in the order of its type, so that two results diff well. */
export function resultJson(result: Result): string {
  return json(result);
}

/**
 * Reads a result, from its file or from the report directory it lies in.
 *
 * @throws DoctorError `INPUT_INVALID` saying what is wrong with it
 */
export async function readResult(path: string): Promise<Result> {
  const file = await stat(path).then(
    (found) => (found.isDirectory() ? join(path, 'result.json') : path),
    () => path,
  );
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
  return parseResult(text, file);
}

/**
 * Like {@link readResult}, from the text of a file. The file is untrusted: what is returned is as its type says.
 *
 * @param source what the text came from, for the error message: a file's name
 */
export function parseResult(text: string, source: string): Result {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw unreadable(source, error);
  }
  const version = versionOf(content);
  if (version !== undefined && majorOf(version) !== majorOf(RESULT_VERSION)) throw ofOtherVersion(source, version);
  const problem = problemOf(content);
  if (problem) throw new DoctorError('INPUT_INVALID', `${source} is not a result of ours: ${problem}.`);
  const parsed = resultSchema.safeParse(content);
  if (parsed.success) return content as Result; // As it was written: its keys keep their order.
  const [first] = parsed.error.issues;
  throw new DoctorError('INPUT_INVALID', `${source}: ${first?.path.join('.')}: ${first?.message}.`, {
    hint: 'The file may have been edited or cut short.',
    cause: parsed.error,
  });
}

/** Whether a result was written by an older version, in a format that this one does not read. */
export function isOfOlderFormat(text: string): boolean {
  try {
    const version = versionOf(JSON.parse(text));
    return version !== undefined && majorOf(version) < majorOf(RESULT_VERSION);
  } catch {
    return false;
  }
}

function versionOf(content: unknown): string | undefined {
  const version = (content as Partial<Result> | null)?.schemaVersion as unknown;
  return typeof version === 'string' ? version : undefined;
}

function majorOf(version: string): number {
  return Number.parseInt(version);
}

function ofOtherVersion(source: string, version: string): DoctorError {
  const older = majorOf(version) < majorOf(RESULT_VERSION);
  return new DoctorError(
    'INPUT_INVALID',
    `${source} has result format ${version}, and this version of ipvlan-doctor reads ${majorOf(RESULT_VERSION)}.x.`,
    {
      hint: older
        ? 'Read it with the version of ipvlan-doctor that wrote it. A bundle of the same run can be diagnosed again: ipvlan-doctor analyze BUNDLE.'
        : 'Read it with a newer version of ipvlan-doctor.',
    },
  );
}

function unreadable(file: string, cause: unknown): DoctorError {
  return new DoctorError('INPUT_INVALID', `${file} cannot be read as a result: ${messageOf(cause)}.`, {
    hint: 'Name a result.json, or the report directory it lies in, such as reports/latest.',
    cause,
  });
}

function problemOf(content: unknown): string | undefined {
  if (typeof content !== 'object' || content === null) return 'it is not an object';
  const { schemaVersion, scenarios, run } = content as Partial<Result>;
  if (typeof schemaVersion !== 'string') return 'it has no schemaVersion';
  if (!Array.isArray(scenarios) || typeof run !== 'object') return 'it lacks run or scenarios';
  return undefined;
}

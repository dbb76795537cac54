import { lstat, mkdir, readFile, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DoctorError, messageOf } from '../errors.js';
import { renderHtml } from './html/page.js';
import { resultJson } from './json.js';
import type { Result } from './result.js';

/** Where a report was written. */
export interface Written {
  readonly json: string;
  readonly html: string;
}

/**
 * Writes `result.json` and `index.html` into a run's directory, each by rename.
 *
 * @throws DoctorError `OUTPUT_UNWRITABLE` naming the file
 */
export async function writeReport(result: Result, directory: string): Promise<Written> {
  const written = { json: join(directory, 'result.json'), html: join(directory, 'index.html') };
  await replaceFile(written.json, resultJson(result));
  await replaceFile(written.html, renderHtml(result));
  return written;
}

/**
 * Writes a file so that no reader ever sees half of it; its directory is made. When that fails, what was there stays, and no
 * temporary file is left.
 *
 * @throws DoctorError `OUTPUT_UNWRITABLE` naming the file
 */
export async function replaceFile(file: string, content: string | Buffer): Promise<void> {
  const temporary = `${file}.${process.pid}`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(temporary, content);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw unwritable(file, error);
  }
}

/**
 * Points `latest`, beside a run's directory, at it. Some file systems have no symbolic links; a text file names the directory
 * there.
 *
 * @throws DoctorError `OUTPUT_UNWRITABLE` when it cannot, or when something that is not ours has that name
 */
export async function pointLatest(directory: string): Promise<void> {
  const run = await realpath(directory);
  const latest = join(dirname(run), 'latest');
  const temporary = `${latest}.${process.pid}`;
  if (!(await isOurs(latest))) {
    throw new DoctorError('OUTPUT_UNWRITABLE', `${latest} is not a link to a run, and stays as it is.`, {
      hint: `Move it away, then "latest" points at the last run. The report of this one is in ${run}.`,
    });
  }
  try {
    await rm(temporary, { force: true });
    await symlink(basename(run), temporary).catch(() => writeFile(temporary, `${basename(run)}\n`));
    await rename(temporary, latest);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw unwritable(latest, error);
  }
}

/** Whether nothing has that name, or what we put there: a link, or the name of a directory beside it. */
async function isOurs(latest: string): Promise<boolean> {
  const there = await lstat(latest).catch(() => undefined);
  if (there === undefined || there.isSymbolicLink()) return true;
  if (!there.isFile() || there.size > 256) return false;
  const name = (await readFile(latest, 'utf8')).trim();
  const named = /^[^/]+$/.test(name) ? await lstat(join(dirname(latest), name)).catch(() => undefined) : undefined;
  return named?.isDirectory() ?? false;
}

/** The error for a file that cannot be written, for any reason. */
export function unwritable(file: string, cause: unknown): DoctorError {
  return new DoctorError('OUTPUT_UNWRITABLE', `${file} cannot be written: ${messageOf(cause)}.`, {
    hint: 'Name a place you can write, with room on it: --output, or the path after the reporter.',
    cause,
  });
}

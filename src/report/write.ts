import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
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
 * Writes `result.json` and `index.html` into a run's directory, each by rename, and points `latest` beside it there.
 *
 * @throws DoctorError `OUTPUT_UNWRITABLE` naming the file
 */
export async function writeReport(result: Result, directory: string): Promise<Written> {
  const written = { json: join(directory, 'result.json'), html: join(directory, 'index.html') };
  try {
    await mkdir(directory, { recursive: true });
    await replaceFile(written.json, resultJson(result));
    await replaceFile(written.html, renderHtml(result));
    await pointLatest(directory);
    return written;
  } catch (error) {
    throw new DoctorError('OUTPUT_UNWRITABLE', `The report cannot be written to ${directory}: ${messageOf(error)}.`, {
      hint: 'Name a directory you can write, with room on it, with --output DIR.',
      cause: error,
    });
  }
}

/** Writes a file so that nobody ever reads half of it. */
export async function replaceFile(file: string, content: string): Promise<void> {
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, content);
  await rename(temporary, file);
}

/** Some file systems know no symbolic links; a text file names the directory there. */
async function pointLatest(directory: string): Promise<void> {
  const latest = join(dirname(directory), 'latest');
  const temporary = `${latest}.${process.pid}`;
  await rm(temporary, { force: true });
  await symlink(basename(directory), temporary).catch(() => writeFile(temporary, `${basename(directory)}\n`));
  await rename(temporary, latest);
}

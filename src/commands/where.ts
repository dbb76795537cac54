import { access, constants, mkdir } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { plain } from '../printable.js';
import { DoctorError, messageOf } from '../errors.js';

/** The line that says where a report is: from here when it lies below, else in full. */
export function reportLine(html: string): string {
  return `\nReport: ${nearPath(html)}\n`;
}

export function nearPath(path: string): string {
  const near = relative('.', path);
  return plain(near.startsWith('..') ? resolve(path) : near);
}

/**
 * Creates the directory of a report before the run, so that the run does not fail at its end because it cannot write.
 *
 * @throws DoctorError `OUTPUT_UNWRITABLE`
 */
export async function prepareDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.W_OK);
  } catch (error) {
    throw new DoctorError('OUTPUT_UNWRITABLE', `Reports cannot be written to ${directory}: ${messageOf(error)}.`, {
      hint: 'Name a directory you can write with --output DIR.',
      cause: error,
    });
  }
}

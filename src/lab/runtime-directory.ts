import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { DoctorError } from '../errors.js';
import { ownDirectory, rejectForeign } from '../own-directory.js';

const ELSEWHERE = 'Or set XDG_RUNTIME_DIR to a directory only you can write.';

/**
 * Where the labs of this user are noted. Short, for a unix socket's path may have 107 characters at most.
 *
 * @throws DoctorError `REQUIREMENT_MISSING` when another user could have written a lab there
 */
export function runtimeDirectory(): string {
  const directory = join(process.env['XDG_RUNTIME_DIR'] || tmpdir(), `ipvlan-doctor-${userInfo().uid}`);
  rejectForeign(directory, ELSEWHERE);
  return directory;
}

/**
 * Where a lab's record, disk and sockets lie.
 *
 * @throws DoctorError `USAGE` for a name that is no file name
 */
export function directoryOf(name: string): string {
  if (!/^[A-Za-z0-9][\w.-]{0,39}$/.test(name)) {
    throw new DoctorError('USAGE', `A lab cannot be called ${JSON.stringify(name)}.`, {
      hint: 'Use up to 40 letters, digits, dots, dashes and underscores, and begin with a letter or digit.',
    });
  }
  return join(runtimeDirectory(), name);
}

/** Makes a lab's directory, which no other user can enter. */
export function makeDirectoryOf(name: string): string {
  const directory = directoryOf(name);
  ownDirectory(runtimeDirectory(), ELSEWHERE);
  ownDirectory(directory, ELSEWHERE);
  return directory;
}

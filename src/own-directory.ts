import { lstatSync, mkdirSync, type Stats } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { DoctorError, messageOf } from './errors.js';

/** `IPVLAN_DOCTOR_STATE`, else the XDG state directory of the user. */
export function stateDirectory(env: NodeJS.ProcessEnv = process.env): string {
  return (
    env['IPVLAN_DOCTOR_STATE'] || join(env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'ipvlan-doctor')
  );
}

/**
 * Makes a directory for what only this user may write, or checks the one that is there. What is read from it may later run
 * as this user or start a privileged container.
 *
 * @param instead what the user can do to have another directory, as a sentence
 * @throws DoctorError `OUTPUT_UNWRITABLE` when it cannot be made; `REQUIREMENT_MISSING` when another user owns it, it is
 *   no directory, or others can write in it
 */
export function ownDirectory(directory: string, instead: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (cause) {
    // A file in its place is rejected below, with a better message.
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST')
      throw new DoctorError('OUTPUT_UNWRITABLE', `${directory} cannot be made: ${messageOf(cause)}.`, {
        hint: instead,
        cause,
      });
  }
  rejectForeign(directory, instead);
}

/**
 * Rejects a directory that another user may have created or can change. One that does not exist is accepted.
 *
 * @throws DoctorError `REQUIREMENT_MISSING` saying whose it is and what to do
 */
export function rejectForeign(directory: string, instead: string): void {
  const found = lstatSync(directory, { throwIfNoEntry: false });
  const why = found && whyForeign(found);
  if (why === undefined) return;
  throw new DoctorError('REQUIREMENT_MISSING', `${directory} ${why}, so ipvlan-doctor does not use it.`, {
    hint: `Look at it with "ls -ld", and remove it or make it yours alone. ${instead}`,
  });
}

const WRITABLE_BY_OTHERS = 0o022;

/** @returns `undefined` for a directory that only this user can write */
function whyForeign(found: Stats): string | undefined {
  const user = process.getuid?.();
  if (user === undefined) return undefined; // Windows has no such owners.
  if (found.isSymbolicLink()) return 'is a symbolic link';
  if (!found.isDirectory()) return 'is no directory';
  if (found.uid !== user) return `belongs to user ${found.uid}, not to user ${user}`;
  if ((found.mode & WRITABLE_BY_OTHERS) !== 0)
    return `can be written by other users (mode ${(found.mode & 0o777).toString(8)})`;
  return undefined;
}

import { messageOf, DoctorError } from '../errors.js';
import { printError } from './print.js';

/**
 * Settles what happens when an output cannot be written. A closed pipe, as in `… | head`, is no error;
 * work goes on, so that a run still cleans up. Any other reason is said once, and the exit code is not 0.
 */
export function guardStreams(): void {
  let said = false;
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || said) return;
    said = true;
    const { message, hint, exitCode } = new DoctorError(
      'OUTPUT_UNWRITABLE',
      `Standard output cannot be written: ${messageOf(error)}.`,
      { hint: 'A report that was asked for is in its directory all the same.' },
    );
    printError(`${message}\n${hint}\n`);
    process.on('exit', (code) => {
      if (code === 0) process.exitCode = exitCode;
    });
  });
}

import { DoctorError } from '../errors.js';

/** The signals that end a command, and what a shell reports for each. */
const SIGNALS = {
  SIGHUP: { exitCode: 129, message: 'The terminal was closed (SIGHUP).' },
  SIGINT: { exitCode: 130, message: 'Interrupted.' },
  SIGTERM: { exitCode: 143, message: 'Terminated (SIGTERM).' },
} as const;

/**
 * A signal that aborts at the first Ctrl-C, SIGTERM or SIGHUP, so that the command cleans up and still writes its result.
 * A second Ctrl-C or SIGTERM ends the process at once; the journal then tells `gc` what is left.
 *
 * @param onFirst what the first Ctrl-C does instead, such as to end a wait early
 */
export function interruption(onFirst?: () => void): AbortSignal {
  const controller = new AbortController();
  let first = onFirst;
  for (const [name, { exitCode, message }] of Object.entries(SIGNALS)) {
    process.on(name, () => {
      if (name === 'SIGHUP') writeToNoTerminal();
      if (name === 'SIGINT' && first) {
        first();
        first = undefined;
        return;
      }
      if (!controller.signal.aborted) {
        process.stderr.write(
          '\nStopping: cleaning up. Press Ctrl-C again to stop at once, then run "ipvlan-doctor gc".\n',
        );
        controller.abort(new DoctorError('INTERRUPTED', message, { exitCode }));
        return;
      }
      // A closing terminal may send SIGHUP twice: once by the kernel, once by the shell.
      if (name !== 'SIGHUP') process.exit(exitCode);
    });
  }
  return controller.signal;
}

/** Writing to a terminal that is gone must not end the cleanup. */
function writeToNoTerminal(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

/** A signal that aborts like another one, or when there is no more time. */
export function withDeadline(signal: AbortSignal, timeoutMs: number | undefined): AbortSignal {
  if (timeoutMs === undefined) return signal;
  const deadline = new AbortController();
  const message = `It took longer than ${timeoutMs / 1000} s, as --timeout allows.`;
  setTimeout(() => deadline.abort(new DoctorError('TIMED_OUT', message)), timeoutMs).unref();
  return AbortSignal.any([signal, deadline.signal]);
}

import { DoctorError } from '../errors.js';

/** Exit codes a shell gives to processes ended by these signals. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * A signal that aborts at the first Ctrl-C, so that everything is taken down and the result still written. The second ends
 * the process at once; the journal then tells `gc` what is left.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const [name, exitCode] of Object.entries(SIGNALS)) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(exitCode);
      process.stderr.write(
        '\nStopping: taking everything down. Again to leave at once; then "ipvlan-doctor gc" cleans up.\n',
      );
      controller.abort(new DoctorError('INTERRUPTED', 'Interrupted.'));
    });
  }
  return controller.signal;
}

/** A signal that aborts like another one, or when there is no more time. */
export function withDeadline(signal: AbortSignal, timeoutMs: number | undefined): AbortSignal {
  if (timeoutMs === undefined) return signal;
  const deadline = new AbortController();
  const message = `It took longer than ${timeoutMs / 1000} s, as --timeout allows.`;
  setTimeout(() => deadline.abort(new DoctorError('TIMED_OUT', message)), timeoutMs).unref();
  return AbortSignal.any([signal, deadline.signal]);
}

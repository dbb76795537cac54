/**
 * Everything that can go wrong and is not a result. A misbehaving network is a result, never an error.
 * The list is closed: a code is what a script may match on, so adding one is an API change.
 */
const EXIT_CODES = {
  /** The command line or an argument makes no sense. */
  USAGE: 2,
  /** A scenario file is malformed or contradicts itself. */
  SCENARIO_INVALID: 2,
  /** No scenario, cause, file, container or network has the name that was asked for. */
  NOT_FOUND: 2,
  /** A result, evidence or bundle file cannot be read as one. */
  INPUT_INVALID: 2,
  /** No Docker Engine answers where one was expected. */
  ENGINE_UNREACHABLE: 3,
  /** Docker Engine rejected a request; the message contains its own. */
  ENGINE_REFUSED: 3,
  /** The agent image is absent and cannot be built, or is not ours. */
  AGENT_IMAGE: 3,
  /** The agent container stopped answering. */
  AGENT_FAILED: 3,
  /** A program or permission this machine lacks. */
  REQUIREMENT_MISSING: 3,
  /** The scenario cannot be created on this host without harming it. */
  HOST_CONFLICT: 3,
  /** The lab's image or machine cannot be made, started or reached. */
  LAB_FAILED: 3,
  /** The report directory or a file in it cannot be written. */
  OUTPUT_UNWRITABLE: 3,
  /** An object that we created could not be removed; `gc` tries again. */
  CLEANUP_INCOMPLETE: 6,
  /** A defect of this tool. */
  INTERNAL: 70,
  /** The overall deadline passed. */
  TIMED_OUT: 124,
  /** The user pressed Ctrl-C, or the process received another signal to end: then the exit code is that signal's. */
  INTERRUPTED: 130,
} as const;

export type ErrorCode = keyof typeof EXIT_CODES;

/** What a {@link DoctorError} may carry besides its sentence. */
export interface DoctorErrorOptions extends ErrorOptions {
  /** What the reader can do now, as one sentence or one command per line. */
  readonly hint?: string | undefined;
  /** Exit code in place of the one documented for the error's code: which signal ended the process. */
  readonly exitCode?: number;
}

/**
 * The one error class. `message` says what happened and where, `hint` says what to do; neither ends in a stack trace.
 *
 * @example throw new DoctorError('ENGINE_UNREACHABLE', 'Nothing answers at tcp://127.0.0.1:2375.', { hint, cause });
 */
export class DoctorError extends Error {
  override readonly name = 'DoctorError';
  readonly code: ErrorCode;
  /** Absent when there is nothing better to do than read the message. */
  readonly hint: string | undefined;
  /** The process exit code documented for this error. */
  readonly exitCode: number;

  constructor(code: ErrorCode, message: string, options: DoctorErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? EXIT_CODES[code];
  }
}

/** A thrown value as one sentence. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import { DoctorError, messageOf } from '../errors.js';
import { RESULT_SCHEMA, RESULT_VERSION, type Phase, type Result, type ScenarioResult } from '../report/result.js';
import { TOOL } from '../version.js';
import type { ChosenEngine } from './engine-choice.js';
import { exitCodeOf } from './outcome.js';

/** What a command has to show at its end, however that came about. */
interface Ended {
  readonly id: string;
  readonly verb: Result['run']['verb'];
  readonly startedAt: string;
  readonly chosen: ChosenEngine | undefined;
  /** The images our containers were started from, as people read them; empty when none was. */
  readonly images: ReadonlySet<string>;
  readonly done: readonly ScenarioResult[];
  /** What could not be taken down. */
  readonly left: readonly string[];
  /** Whether something was left standing on request. */
  readonly kept: boolean;
  readonly error: DoctorError | undefined;
  readonly timing: readonly Phase[];
}

/** The result of a command that has come to its end. */
export function assemble({ id, verb, startedAt, chosen, images, done, left, kept, error, timing }: Ended): Result {
  const state = left.length > 0 ? 'incomplete' : kept ? 'kept' : 'complete';
  const cleanup = { state, left } as const;
  // Of all that went wrong, what is left on the host needs hands first.
  const exitCode = state === 'incomplete' || error === undefined ? exitCodeOf(done, cleanup) : error.exitCode;
  return {
    $schema: RESULT_SCHEMA,
    schemaVersion: RESULT_VERSION,
    tool: TOOL,
    run: { id, verb, startedAt, endedAt: new Date().toISOString(), exitCode },
    environment: chosen && {
      engine: chosen.name,
      facts: chosen.engine.facts,
      ...(images.size > 0 ? { agentImage: [...images].join(', ') } : {}),
    },
    scenarios: done,
    cleanup,
    error: error && { code: error.code, message: error.message, hint: error.hint },
    timing,
  };
}

/** Whatever was thrown, as the error a result carries. What fails because the run was ended fails for the reason it was ended for. */
export function asError(thrown: unknown, { aborted, reason }: AbortSignal): DoctorError {
  if (aborted && reason instanceof DoctorError) return reason;
  return thrown instanceof DoctorError ? thrown : new DoctorError('INTERNAL', messageOf(thrown), { cause: thrown });
}

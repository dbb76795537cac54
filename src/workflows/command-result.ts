import { DoctorError, messageOf } from '../errors.js';
import { exitCodeOf } from '../report/outcome.js';
import { RESULT_SCHEMA, RESULT_VERSION, type Result, type ScenarioResult } from '../report/result.js';
import { TOOL } from '../version.js';
import { Clock } from './clock.js';
import type { ChosenEngine } from './engine/chosen-engine.js';

/** What a command did so far, and what its result is made of, whether the command fails or not. */
export interface CommandState {
  readonly done: ScenarioResult[];
  /** What could not be removed, one sentence each. */
  readonly left: string[];
  /** The scenarios whose topology stays on request. */
  readonly kept: string[];
  readonly clock: Clock;
  /** The images that our containers were started from, as people read them; empty when none was. */
  readonly images: Set<string>;
  /** Absent until the engine is reached. */
  chosen: ChosenEngine | undefined;
}

interface Command {
  /** The run's id. */
  readonly id: string;
  readonly verb: Result['run']['verb'];
  readonly signal: AbortSignal;
}

/** Does the work of a command, and makes a result of it even when the work fails: `result.error` then says why. */
export async function resultOf(command: Command, work: (state: CommandState) => Promise<void>): Promise<Result> {
  const startedAt = new Date().toISOString();
  const state: CommandState = {
    done: [],
    left: [],
    kept: [],
    clock: new Clock(),
    images: new Set(),
    chosen: undefined,
  };
  let error: DoctorError | undefined;
  try {
    await work(state);
  } catch (thrown) {
    error = asError(thrown, command.signal);
  }
  return assembled({ command, startedAt, error }, state);
}

interface Ended {
  readonly command: Command;
  readonly startedAt: string;
  readonly error: DoctorError | undefined;
}

function assembled({ command, startedAt, error }: Ended, state: CommandState): Result {
  const { id, verb } = command;
  const cleanup = cleanupOf(state);
  // What is left on the host comes before all other errors: the user has to remove it.
  const exitCode =
    cleanup.state === 'incomplete' || error === undefined ? exitCodeOf(state.done, cleanup) : error.exitCode;
  return {
    $schema: RESULT_SCHEMA,
    schemaVersion: RESULT_VERSION,
    tool: TOOL,
    run: { id, verb, startedAt, endedAt: new Date().toISOString(), exitCode },
    environment: environmentOf(state),
    scenarios: state.done,
    cleanup,
    error: error && { code: error.code, message: error.message, hint: error.hint },
    timing: state.clock.phases,
  };
}

function cleanupOf({ left, kept }: CommandState): Result['cleanup'] {
  if (left.length > 0) return { state: 'incomplete', left };
  return { state: kept.length > 0 ? 'kept' : 'complete', left };
}

function environmentOf({ chosen, images }: CommandState): Result['environment'] {
  if (!chosen) return undefined;
  const environment = { engine: chosen.name, facts: chosen.engine.facts };
  return images.size === 0 ? environment : { ...environment, agentImage: [...images].join(', ') };
}

/** What was thrown, as the error a result carries. Work that was aborted failed for the reason it was aborted for. */
function asError(thrown: unknown, { aborted, reason }: AbortSignal): DoctorError {
  if (aborted && reason instanceof DoctorError) return reason;
  return thrown instanceof DoctorError ? thrown : new DoctorError('INTERNAL', messageOf(thrown), { cause: thrown });
}

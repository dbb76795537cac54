import type { Wish } from '../../diagnosis/what-if/wish.js';
import type { Result, ScenarioResult } from '../../report/result.js';
import { resultOf } from '../command-result.js';
import { chooseEngine, ownEngine } from '../engine/choose-engine.js';
import type { ChosenEngine, EngineWish } from '../engine/chosen-engine.js';
import { inSession, type EngineSession } from '../session.js';

/** What every verb that works on an engine as it is needs to know. */
export interface AttachOptions extends EngineWish {
  readonly runId: string;
  /** Whether a privileged temporary helper container may look; without one the containers' own tools do. Absent: it may. */
  readonly privileged?: boolean;
  /** How many packets each ping sends. Absent: what the verb takes for enough. */
  readonly attempts?: number | undefined;
  /** Changes to predict. Absent: none. */
  readonly whatIf?: readonly Wish[] | undefined;
  /** Report directory; it exists and can be written. */
  readonly directory: string;
}

/** The result of what a verb does on the engine the user named, or on their own. */
export function attachedResultOf(
  verb: string,
  options: AttachOptions,
  work: (session: EngineSession) => Promise<ScenarioResult>,
): Promise<Result> {
  const { runId: run, agentImage, onStep, signal } = options;
  return resultOf({ id: run, verb, signal }, async (state) => {
    await using chosen = await state.clock.time('engine', () => choose(options));
    state.chosen = chosen;
    await inSession(chosen, { ...state, run, agentImage, onStep }, async (session) => {
      state.done.push(await work(session));
    });
  });
}

/** What already runs is never in a lab of ours: `auto` is the user's own engine. */
function choose(options: AttachOptions): Promise<ChosenEngine> {
  return options.engine === 'auto' ? ownEngine(options) : chooseEngine(options);
}

import { agentImage, type AgentImage } from '../engine/agent-image.js';
import { startAgent } from '../engine/agent.js';
import type { Engine, Shell } from '../engine/engine.js';
import type { DoctorError } from '../errors.js';
import type { Result, ScenarioResult } from '../report/result.js';
import { Cleanup } from '../topology/cleanup.js';
import type { Journal } from '../topology/journal.js';
import { asError, assemble } from './assemble.js';
import { Clock } from './clock.js';
import { deferTraces } from './traces.js';
import { chooseEngine, ownEngine, type ChosenEngine, type EngineWish } from './engine-choice.js';
import { closeJournal, openJournal } from './run-journal.js';

/** What every verb that works on an engine as it is needs to know. */
export interface VisitOptions extends EngineWish {
  readonly verb: string;
  readonly runId: string;
  /** Whether a privileged helper of ours may look; without one the containers' own tools do. Absent: it may. */
  readonly privileged?: boolean;
  /** How many packets each ping sends. Absent: what the verb takes for enough. */
  readonly attempts?: number | undefined;
  /** Report directory; it exists and can be written. */
  readonly directory: string;
}

/** An engine somebody else uses, and us on it. */
export interface Visit {
  readonly options: VisitOptions;
  readonly engine: Engine;
  readonly clock: Clock;
  /** What is to be taken back at the end, last first. */
  readonly cleanup: Cleanup;
  /** The image our containers there are started from; made where there is none. */
  image(): Promise<AgentImage>;
  /** Starts our agent container; it goes with the visit. Its scripts end when the visit is interrupted. */
  agent(): Promise<Shell>;
}

/**
 * Does something on the engine the user named, or their own, and makes a result of it whatever happens. All we put there
 * carries our labels and goes at the end; a journal tells `gc` about a visit that was killed.
 */
export async function visit(options: VisitOptions, work: (visit: Visit) => Promise<ScenarioResult>): Promise<Result> {
  const startedAt = new Date().toISOString();
  const [clock, done, left] = [new Clock(), [] as ScenarioResult[], [] as string[]];
  const images = new Set<string>();
  let chosen: ChosenEngine | undefined;
  let error: DoctorError | undefined;
  try {
    await using engine = await clock.time('engine', () => choose(options));
    chosen = engine;
    const journal = openJournal(chosen, options.runId);
    try {
      await using cleanup = new Cleanup(left);
      done.push(await work(visiting(options, journal, { engine: chosen.engine, clock, cleanup, images })));
    } finally {
      await closeJournal(journal, chosen, { run: options.runId, left });
    }
  } catch (thrown) {
    error = asError(thrown, options.signal);
  }
  const { verb, runId: id } = options;
  return assemble({ id, verb, startedAt, chosen, images, done, left, kept: false, error, timing: clock.phases });
}

/** What already runs is never in a lab of ours: `auto` is the user's own engine. */
function choose(options: VisitOptions): Promise<ChosenEngine> {
  return options.engine === 'auto' ? ownEngine(options) : chooseEngine(options);
}

function visiting(
  options: VisitOptions,
  journal: Journal,
  { images, ...ground }: Pick<Visit, 'engine' | 'clock' | 'cleanup'> & { readonly images: Set<string> },
): Visit {
  const { engine, clock, cleanup } = ground;
  const { agentImage: wanted, onStep, runId: run, signal } = options;
  let made: Promise<AgentImage> | undefined;
  const chooseImage = async () => {
    const used = await clock.time('agent', () => agentImage(engine, { image: wanted, onStep }));
    images.add(used.name);
    return used;
  };
  const image = () => (made ??= chooseImage());
  return {
    ...ground,
    options,
    image,
    async agent() {
      const ours = await image();
      const agent = await clock.time('agent', () => startAgent(engine, { image: ours, run }));
      cleanup.defer('remove the agent', () => agent[Symbol.asyncDispose]());
      deferTraces(cleanup, { shell: agent, journal, run });
      return agent.until(signal);
    },
  };
}

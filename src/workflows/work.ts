import { agentImage } from '../engine/agent-image.js';
import { startAgent, type Agent } from '../engine/agent.js';
import type { Engine } from '../engine/engine.js';
import { DoctorError, messageOf } from '../errors.js';
import type { ScenarioResult } from '../report/result.js';
import type { Plan } from '../scenario/plan.js';
import { Cleanup } from '../topology/cleanup.js';
import { Journal } from '../topology/journal.js';
import type { Ground } from '../topology/ground.js';
import { standUp } from '../topology/topology.js';
import type { Clock } from './clock.js';
import { closeJournal } from './close-journal.js';
import { deferDrops } from './drops.js';
import type { ChosenEngine, EngineWish } from './engine-choice.js';
import { examine } from './examine.js';
import { notExamined } from './not-examined.js';
import { isKept, type Keep } from './keep.js';
import type { Queue } from './queue.js';

/** What a run is to do. */
export interface RunOptions extends EngineWish {
  /** Files, directories or ids; empty means all that come with the tool. */
  readonly scenarios: readonly string[];
  /** Report directory of this run; it exists and can be written. */
  readonly directory: string;
  readonly runId: string;
  /** Whether faults may change the host globally although it is not a lab. */
  readonly allowHostChanges: boolean;
  /** What is left standing for `gc` to take down; nothing when absent. */
  readonly keep?: Keep | undefined;
  /** How many labs of its own the run may use at the same time; with any other engine it is one after another. */
  readonly jobs: number;
  /** How many packets each ping sends; five when absent. */
  readonly attempts?: number | undefined;
  /** Called when a scenario is done. */
  readonly onScenario: (scenario: ScenarioResult) => void;
}

/** A run as it goes. */
export interface State {
  readonly options: RunOptions;
  readonly done: ScenarioResult[];
  readonly left: string[];
  /** What was left standing on request. */
  readonly standing: string[];
  readonly clock: Clock;
  /** The images our containers were started from, as people read them. */
  readonly images: Set<string>;
  chosen: ChosenEngine | undefined;
}

/** What all workers of a run share. */
export type Shared = State & { readonly queue: Queue };

/** How many labs a worker may lose before something must be wrong with this machine. */
const MAY_BE_LOST = 2;

/** The same on a lab of our own beside the first. */
export async function workBeside(first: ChosenEngine, number: number, shared: Shared): Promise<void> {
  await using chosen = await first.own?.another();
  if (chosen) await workToTheEnd(chosen, { run: `${shared.options.runId}-${number}` }, shared);
}

/**
 * Works as long as there is something to do. An emulated machine may end or hang: a lab of our own is replaced by another
 * then, where the scenario it was lost in is asked again.
 *
 * @throws DoctorError `LAB_FAILED` with its last words when too many are lost
 */
export async function workToTheEnd(
  chosen: ChosenEngine,
  { run, lost = 0 }: { readonly run: string; readonly lost?: number },
  shared: Shared,
): Promise<void> {
  const left: string[] = [];
  try {
    await work(chosen, run, { ...shared, left });
  } catch (error) {
    const why = await chosen.own?.lost();
    if (why === undefined || !chosen.own) throw error;
    left.length = 0;
    shared.options.signal.throwIfAborted();
    if (lost === MAY_BE_LOST)
      throw new DoctorError('LAB_FAILED', `The lab was lost once more: ${why}.`, { hint: ENDS });
    shared.options.onStep(`The lab was lost (${why})`);
    await using next = await chosen.own.another();
    await workToTheEnd(next, { run: `${run}-again`, lost: lost + 1 }, shared);
  } finally {
    shared.left.push(...left);
  }
}

const ENDS = 'This machine may lack memory (1 GB for each lab): try "--jobs 1".';

/** One engine with its agent and its journal, as long as there is something to do. */
async function work({ engine, spec, own }: ChosenEngine, run: string, shared: Shared): Promise<void> {
  const { options, left } = shared;
  const head = { run, pid: process.pid, engine: spec, context: options.context, startedAt: new Date().toISOString() };
  const journal = Journal.begin(head);
  try {
    await workWithAgent({ engine, run, journal }, shared);
  } finally {
    if (shared.standing.length === 0) {
      await closeJournal(journal, { engine, run, left });
      // What was in a lab that is gone went with it.
      if (left.length > 0 && (await own?.lost()) !== undefined) journal.end();
    }
  }
}

async function workWithAgent(
  { engine, run, journal }: { readonly engine: Engine; readonly run: string; readonly journal: Journal },
  shared: Shared,
): Promise<void> {
  const { options, clock, queue, left } = shared;
  const image = await clock.time('agent', () =>
    agentImage(engine, { image: options.agentImage, onStep: options.onStep }),
  );
  shared.images.add(image.name);
  await using cleanup = new Cleanup(left);
  const agent = await clock.time('agent', () => startAgent(engine, { image, run }));
  cleanup.defer('remove the agent', () => agent[Symbol.asyncDispose]());
  deferDrops(cleanup, { shell: agent, journal, run });
  const mayChangeHost = engine.facts.disposable || options.allowHostChanges;
  const { signal } = options;
  const worker = { ...shared, agent, shell: agent, journal, image: image.id, mayChangeHost, engine, run, signal };
  for (let plan = queue.next(); plan; plan = queue.next()) await runOnOneTopology(plan, worker);
  // The site lives in the agent, and the journal tells "gc" what to take down.
  if (shared.standing.length > 0) return void (agent.leave(), cleanup.move());
}

type Worker = Shared & Ground & { readonly agent: Agent };

/** Scenarios that share a topology share one that stands: only what is broken in it changes. */
async function runOnOneTopology(first: Plan, worker: Worker): Promise<void> {
  const { options, clock, queue } = worker;
  options.signal.throwIfAborted();
  options.onStep(`standing up the network of ${first.id}`);
  let topology;
  try {
    topology = await clock.time(`stand up ${first.id}`, () => standUp(first, worker));
  } catch (error) {
    if (!isAboutScenario(error)) throw (queue.giveBack(first), error);
    for (let plan: Plan | undefined = first; plan; plan = queue.on(first.topologyKey))
      finish(worker, notExamined(plan, 'broken', messageOf(error)));
    return;
  }
  await using site = topology;
  for (let plan: Plan | undefined = first; plan; plan = queue.on(first.topologyKey)) {
    options.signal.throwIfAborted();
    const scenario = await examined(plan, { ...worker, topology: site, used: plan !== first });
    finish(worker, scenario);
    if (!isKept(options.keep, scenario)) continue;
    site.leave();
    worker.standing.push(plan.id);
    for (const rest of queue.rest())
      finish(worker, notExamined(rest, 'skipped', `${plan.id} was left standing before it`));
  }
}

async function examined(
  plan: Plan,
  state: Worker & { readonly topology: Awaited<ReturnType<typeof standUp>>; readonly used: boolean },
): Promise<ScenarioResult> {
  const { options, agent, queue } = state;
  const onStep = (step: string) => options.onStep(`${plan.id}: ${step}`);
  try {
    return await examine({
      ...state,
      plan,
      shell: agent,
      directory: options.directory,
      keep: options.keep,
      attempts: options.attempts,
      signal: options.signal,
      onStep,
    });
  } catch (error) {
    if (!isAboutScenario(error)) throw (queue.giveBack(plan), error);
    return notExamined(plan, 'broken', messageOf(error));
  }
}

/** What one scenario suffers from need not stop the others. */
function isAboutScenario(error: unknown): boolean {
  return error instanceof DoctorError && ['SCENARIO_INVALID', 'ENGINE_REFUSED', 'HOST_CONFLICT'].includes(error.code);
}

export function finish({ done, options }: State, scenario: ScenarioResult): void {
  done.push(scenario);
  options.onScenario(scenario);
}

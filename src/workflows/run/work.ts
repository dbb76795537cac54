import { agentImage } from '../../engine/agent-image.js';
import { startAgent } from '../../engine/agent.js';
import { DoctorError } from '../../errors.js';
import { Cleanup } from '../../topology/cleanup.js';
import { readHostState } from '../../topology/host-state.js';
import type { Journal } from '../../topology/journal.js';
import { deferTraces } from '../traces.js';
import type { ChosenEngine } from '../engine-choice.js';
import { runOnOneTopology, type HostState } from './on-topology.js';
import { closeJournal, openJournal } from '../run-journal.js';
import type { Shared } from './run-state.js';

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
  let state: HostState = 'as before';
  try {
    state = await work(chosen, run, { ...shared, left });
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
    if (state === 'to be reset') left.length = 0;
    shared.left.push(...left);
  }
  if (state === 'to be reset') await goOnAfterReset(chosen, run, shared);
}

/** A lab of our own ends with the run, so that it is started again only for scenarios that wait; one that stays is left as it was found. */
async function goOnAfterReset({ own, reset }: ChosenEngine, run: string, shared: Shared): Promise<void> {
  if (!reset || (own && !shared.queue.has())) return;
  shared.options.onStep('resetting the lab, because a scenario left something on it');
  await using next = await reset.restart();
  await workToTheEnd(next, { run: `${run}-reset` }, shared);
}

const ENDS = 'This machine may lack memory (1 GB for each lab): try "--jobs 1".';

/** One engine with its agent and its journal, as long as there is something to do. */
async function work(chosen: ChosenEngine, run: string, shared: Shared): Promise<HostState> {
  const { left } = shared;
  const { engine, own, reset } = chosen;
  const journal = openJournal(chosen, run);
  let state: HostState = 'as before';
  try {
    state = await workWithAgent({ engine, run, journal, reset }, shared);
    return state;
  } finally {
    if (shared.standing.length > 0) journal.keep();
    else {
      await closeJournal(journal, chosen, { run, left });
      // What was in a lab that is gone went with it.
      if (left.length > 0 && (state === 'to be reset' || (await own?.lost()) !== undefined)) journal.end();
    }
  }
}

interface Working {
  readonly engine: ChosenEngine['engine'];
  readonly reset: ChosenEngine['reset'] | undefined;
  readonly run: string;
  readonly journal: Journal;
}

async function workWithAgent({ engine, run, journal, reset }: Working, shared: Shared): Promise<HostState> {
  const { options, clock, queue, left } = shared;
  const image = await clock.time('agent', () =>
    agentImage(engine, { image: options.agentImage, onStep: options.onStep }),
  );
  shared.images.add(image.name);
  await using cleanup = new Cleanup(left);
  const agent = await clock.time('agent', () => startAgent(engine, { image, run }));
  cleanup.defer('remove the agent', () => agent[Symbol.asyncDispose]());
  deferTraces(cleanup, { shell: agent, journal, run });
  journal.before(await clock.time('agent', () => readHostState(agent, { signal: options.signal })));
  const mayChangeHost = engine.facts.disposable || options.allowHostChanges;
  const host = { engine, run, journal, mayChangeHost, reset, stays: [], signal: options.signal };
  const worker = { ...shared, ...host, agent, shell: agent, image: image.id };
  let state: HostState = 'as before';
  const next = () => (state === 'as before' ? queue.next() : undefined);
  for (let plan = next(); plan; plan = next()) state = await runOnOneTopology(plan, worker);
  // The site lives in the agent, and the journal tells "gc" what to take down.
  if (shared.standing.length > 0) {
    agent.leave();
    cleanup.move();
  }
  return state;
}

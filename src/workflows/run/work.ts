import { DoctorError } from '../../errors.js';
import { readHostState } from '../../topology/host-state.js';
import type { ChosenEngine } from '../engine/chosen-engine.js';
import { inSession, type EngineSession } from '../session.js';
import { runOnOneTopology, type HostCondition, type Worker } from './on-topology.js';
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
  let state: HostCondition = 'as before';
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
async function work(chosen: ChosenEngine, run: string, shared: Shared): Promise<HostCondition> {
  const { clock, images, left } = shared;
  const { agentImage, onStep } = shared.options;
  let state: HostCondition = 'as before';
  const isMachineGone = async () => state === 'to be reset' || (await chosen.own?.lost()) !== undefined;
  return inSession(chosen, { run, clock, images, left, agentImage, onStep, isMachineGone }, async (session) => {
    const worker = await workerOn(session, chosen, shared);
    const next = () => (state === 'as before' ? shared.queue.next() : undefined);
    for (let plan = next(); plan; plan = next()) state = await runOnOneTopology(plan, worker);
    return state;
  });
}

async function workerOn(session: EngineSession, { address, reset }: ChosenEngine, shared: Shared): Promise<Worker> {
  const { engine, run, journal } = session;
  const { signal, allowHostChanges } = shared.options;
  const agent = await session.agent();
  journal.before(await shared.clock.time('agent', () => readHostState(agent, { signal })));
  const { id: image } = await session.image();
  const mayChangeHost = engine.facts.disposable || allowHostChanges;
  return {
    ...{ ...shared, session, engine, address, run, journal, shell: agent, image },
    ...{ mayChangeHost, reset, stays: [], signal },
  };
}

import type { EngineAddress } from '../../engine/address.js';
import { DoctorError, messageOf } from '../../errors.js';
import type { ScenarioResult } from '../../report/result.js';
import type { Plan } from '../../scenario/plan.js';
import type { TopologyEnvironment } from '../../topology/environment.js';
import { createTopology } from '../../topology/create-topology.js';
import type { Topology } from '../../topology/topology.js';
import type { Reset } from '../engine/chosen-engine.js';
import type { EngineSession } from '../session.js';
import { examine } from './examine.js';
import { isKept } from './keep.js';
import { LeftOvers, withLeftOver, type LeftOver, type Removal } from './left-over.js';
import { notExamined } from './not-examined.js';
import { rejectForeignParents } from '../attach/parent-in-use.js';
import { finish, type Shared } from './run-state.js';

/** One engine with its agent, and what a scenario on it needs. */
export interface Worker extends Shared, TopologyEnvironment {
  readonly left: string[];
  readonly session: EngineSession;
  readonly address: EngineAddress;
  /** Absent where the engine is the user's own. */
  readonly reset?: Reset | undefined;
  /** What scenarios left on the host and nothing removes, for those after them. */
  readonly stays: string[];
}

/** Whether the host is as it was before the topology was created, as far as we could restore it. */
export type HostCondition = 'as before' | 'to be reset';

/**
 * Runs scenarios that share a topology on the same one: only the faults change. A topology that a scenario leaves something in is
 * removed, and created again for the scenarios that wait.
 */
export async function runOnOneTopology(first: Plan, worker: Worker): Promise<HostCondition> {
  const { options, clock, queue } = worker;
  options.signal.throwIfAborted();
  options.onStep(`creating the topology of ${first.id}`);
  let topology;
  try {
    await rejectForeignParents(first, worker);
    topology = await clock.time(`create ${first.id}`, () => createTopology(first, worker));
  } catch (error) {
    if (!isAboutScenario(error)) {
      queue.giveBack(first);
      throw error;
    }
    for (let plan: Plan | undefined = first; plan; plan = queue.on(first.topologyKey))
      finish(worker, notExamined(plan, 'broken', messageOf(error)));
    return 'as before';
  }
  await using site = topology;
  return await examineAll(first, { ...worker, topology: site });
}

type OnTopology = Worker & { readonly topology: Topology };

async function examineAll(first: Plan, worker: OnTopology): Promise<HostCondition> {
  const { options, queue, topology, shell, clock } = worker;
  const leftOvers = new LeftOvers({ shell, nodes: topology.nodes });
  for (let plan: Plan | undefined = first; plan; plan = queue.on(first.topologyKey)) {
    const current = plan;
    options.signal.throwIfAborted();
    await clock.time('compare', () => leftOvers.begin(queue.has(current.topologyKey)));
    const { scenario, notUndone } = await examined(current, { ...worker, used: current !== first });
    if (isKept(options.keep, scenario)) {
      worker.left.push(...notUndone);
      leave(scenario, worker);
      return 'as before';
    }
    const left = await clock.time('compare', () => leftOvers.by(current, scenario, notUndone));
    if (left) return whatBecomesOf(left, { plan: current, scenario, notUndone }, worker);
    finish(worker, scenario);
  }
  return 'as before';
}

function leave(scenario: ScenarioResult, worker: OnTopology): void {
  finish(worker, scenario);
  worker.topology.leave();
  worker.session.keep();
  worker.kept.push(scenario.id);
  for (const rest of worker.queue.rest())
    finish(worker, notExamined(rest, 'skipped', `${scenario.id} was kept before it`));
}

interface Examined {
  readonly scenario: ScenarioResult;
  /** One sentence for each undo that failed. */
  readonly notUndone: readonly string[];
}

/** Finishes a scenario that left something. What is on a host of the user's stays, and later scenarios are told. */
async function whatBecomesOf(
  left: LeftOver,
  { plan, scenario, notUndone }: Examined & { readonly plan: Plan },
  worker: OnTopology,
): Promise<HostCondition> {
  const { queue, reset, run } = worker;
  const removal: Removal = !left.onHost ? 'recreate' : (await reset?.isFree(run)) ? 'reset' : 'none';
  finish(worker, withLeftOver(scenario, left, removal));
  queue.reopen(plan.topologyKey);
  if (removal === 'reset') return 'to be reset';
  if (removal === 'none') {
    worker.left.push(...notUndone);
    worker.stays.push(plan.id);
  }
  return 'as before';
}

async function examined(plan: Plan, state: OnTopology & { readonly used: boolean }): Promise<Examined> {
  const { options, queue, stays } = state;
  const onStep = (step: string) => options.onStep(`${plan.id}: ${step}`);
  const notUndone: string[] = [];
  const { directory, keep, attempts, signal, examine: as = examine } = options;
  try {
    const own = { directory, keep, attempts, signal, left: notUndone };
    const scenario = await as({ ...state, ...own, plan, onStep });
    return { scenario: { ...scenario, warnings: [...scenario.warnings, ...stays.map(stayText)] }, notUndone };
  } catch (error) {
    if (isAboutScenario(error)) return { scenario: notExamined(plan, 'broken', messageOf(error)), notUndone };
    state.left.push(...notUndone);
    queue.giveBack(plan);
    throw error;
  }
}

function stayText(id: string): string {
  return `${id} ran on this host before and left something there: see its warnings.`;
}

/** An error of one scenario, which need not stop the others. */
function isAboutScenario(error: unknown): boolean {
  return error instanceof DoctorError && ['SCENARIO_INVALID', 'ENGINE_REFUSED', 'HOST_CONFLICT'].includes(error.code);
}

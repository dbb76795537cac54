import { randomBytes } from 'node:crypto';
import { CAUSES } from '../../diagnosis/causes/index.js';
import { DoctorError } from '../../errors.js';
import { FAULTS } from '../../faults/index.js';
import type { Result } from '../../report/result.js';
import { loadScenarios } from '../../scenario/find.js';
import type { Plan } from '../../scenario/plan.js';
import { planScenario } from '../../scenario/settle/settle.js';
import { whyNot } from './can-run.js';
import { resultOf, type CommandState } from '../command-result.js';
import { chooseEngine } from '../engine/choose-engine.js';
import type { ChosenEngine } from '../engine/chosen-engine.js';
import { notExamined } from './not-examined.js';
import { PlanQueue } from './queue.js';
import { finish, type RunOptions, type Shared } from './run-state.js';
import { workBeside, workToTheEnd } from './work.js';

export type { RunOptions } from './run-state.js';

/** A new run's id: sorts by time, and differs from any other, for containers, networks and reports are called by it. */
export function newRunId(now = new Date()): string {
  const stamp = now.toISOString().replaceAll(/[-:]/g, '').slice(0, 15);
  return `${stamp}-${randomBytes(6).toString('hex')}`;
}

/**
 * Runs scenarios and returns what came of them. A misbehaving network is a result; what stops the run itself is in
 * `result.error`, beside what had been found by then.
 *
 * @throws DoctorError only before anything was begun: `NOT_FOUND`, `SCENARIO_INVALID`
 */
export async function run(options: RunOptions): Promise<Result> {
  const plans = await planAll(options.scenarios);
  const order = new Map(plans.map(({ id }, at) => [id, at]));
  return resultOf({ id: options.runId, verb: 'run', signal: options.signal }, async (state) => {
    try {
      await runAll(plans, options, state);
    } finally {
      state.done.sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0));
    }
  });
}

/** Settles scenarios before Docker is touched: invalid ones are rejected here. */
export async function planAll(wanted: readonly string[]): Promise<readonly Plan[]> {
  const knowledge = { faults: FAULTS, causes: new Set(CAUSES.map(({ id }) => id)) };
  return (await loadScenarios(wanted)).map((loaded) => planScenario(loaded, knowledge));
}

/** Works through all plans on the engine, and on as many labs of our own beside it as were asked for. */
async function runAll(plans: readonly Plan[], options: RunOptions, state: CommandState): Promise<void> {
  await using chosen = await state.clock.time('engine', () => chooseEngine(options));
  state.chosen = chosen;
  refuseToKeep(options, chosen);
  const able = skipUnable(plans, chosen, { ...state, options });
  const beside = chosen.own ? Math.min(options.jobs, plans.length) - 1 : 0;
  await untilOneFails(options.signal, (signal) => {
    const shared = { ...state, queue: new PlanQueue(able), options: { ...options, signal } };
    return [
      workToTheEnd(chosen, { run: options.runId }, shared),
      ...Array.from({ length: beside }, (_, index) => workBeside(chosen, index + 2, shared)),
    ];
  });
}

/** Finishes the plans that cannot be run on the engine, with the reason, and returns the others. */
function skipUnable(
  plans: readonly Plan[],
  { engine }: ChosenEngine,
  state: Pick<Shared, 'done' | 'options'>,
): readonly Plan[] {
  const mayChangeHost = engine.facts.disposable || state.options.allowHostChanges;
  return plans.filter((plan) => {
    const reason = whyNot(plan, { engine: engine.facts, mayChangeHost });
    if (reason !== undefined) finish(state, notExamined(plan, 'skipped', reason));
    return reason === undefined;
  });
}

/** Waits for all workers. When one fails, the signal of the others aborts. */
async function untilOneFails(
  signal: AbortSignal,
  start: (signal: AbortSignal) => readonly Promise<void>[],
): Promise<void> {
  const failing = new AbortController();
  const workers = start(AbortSignal.any([signal, failing.signal]));
  for (const worker of workers) worker.catch(() => failing.abort());
  const ended = await Promise.allSettled(workers);
  const failures = ended.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  // A worker that was stopped because another one failed is not the reason.
  if (failures.length > 0) throw failures.find((failure) => !isInterruption(failure)) ?? failures[0];
}

function isInterruption(error: unknown): boolean {
  return error instanceof DoctorError
    ? error.code === 'INTERRUPTED'
    : (error as Error | undefined)?.name === 'AbortError';
}

function refuseToKeep({ keep }: RunOptions, { own }: ChosenEngine): void {
  if (own === undefined || keep === undefined || keep === 'never') return;
  throw new DoctorError('USAGE', 'A lab that was started for this run ends with it: nothing in it can be kept.', {
    hint: 'Start one that stays: "ipvlan-doctor lab up", then run again with --engine lab.',
  });
}

import { randomBytes } from 'node:crypto';
import { CAUSES } from '../../diagnosis/causes/index.js';
import { DoctorError } from '../../errors.js';
import { FAULTS } from '../../faults/index.js';
import type { Result } from '../../report/result.js';
import { loadScenarios } from '../../scenario/find.js';
import type { Plan } from '../../scenario/plan.js';
import { planScenario } from '../../scenario/settle/settle.js';
import { whyNot } from './able.js';
import { asError, assemble } from '../assemble.js';
import { Clock } from '../clock.js';
import { chooseEngine, type ChosenEngine } from '../engine-choice.js';
import { notExamined } from './not-examined.js';
import { Queue } from './queue.js';
import { finish, type RunOptions, type State } from './run-state.js';
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
  const state: State = {
    options,
    done: [],
    left: [],
    standing: [],
    clock: new Clock(),
    images: new Set(),
    chosen: undefined,
  };
  const startedAt = new Date().toISOString();
  let error: DoctorError | undefined;
  try {
    await runAll(plans, state);
  } catch (thrown) {
    error = asError(thrown, options.signal);
  }
  const order = new Map(plans.map(({ id }, at) => [id, at]));
  state.done.sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0));
  const { runId: id } = options;
  const { done, left, standing, clock, chosen, images } = state;
  const kept = standing.length > 0;
  return assemble({ id, verb: 'run', startedAt, chosen, images, done, left, kept, error, timing: clock.phases });
}

/** Settles scenarios before Docker is touched: nonsense is refused here. */
export async function planAll(wanted: readonly string[]): Promise<readonly Plan[]> {
  const knowledge = { faults: FAULTS, causes: new Set(CAUSES.map(({ id }) => id)) };
  return (await loadScenarios(wanted)).map((loaded) => planScenario(loaded, knowledge));
}

/** Works through all plans on the engine, and on as many labs of our own beside it as were asked for. */
async function runAll(plans: readonly Plan[], state: State): Promise<void> {
  const { options, clock } = state;
  await using chosen = await clock.time('engine', () => chooseEngine(options));
  state.chosen = chosen;
  refuseToKeep(options, chosen);
  const mayChangeHost = chosen.engine.facts.disposable || options.allowHostChanges;
  const reasons = new Map(plans.map((plan) => [plan, whyNot(plan, { engine: chosen.engine.facts, mayChangeHost })]));
  for (const [plan, reason] of reasons) if (reason !== undefined) finish(state, notExamined(plan, 'skipped', reason));
  const queue = new Queue(plans.filter((plan) => reasons.get(plan) === undefined));
  const failing = new AbortController();
  const shared = {
    ...state,
    queue,
    options: { ...options, signal: AbortSignal.any([options.signal, failing.signal]) },
  };
  const beside = chosen.own ? Math.min(options.jobs, plans.length) - 1 : 0;
  const workers = [
    workToTheEnd(chosen, { run: options.runId }, shared),
    ...Array.from({ length: beside }, (_, index) => workBeside(chosen, index + 2, shared)),
  ].map((worker) => worker.catch((error: unknown) => (failing.abort(), Promise.reject(error as Error))));
  const ended = await Promise.allSettled(workers);
  const failures = ended.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  // Whoever was stopped because another failed has nothing to say.
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

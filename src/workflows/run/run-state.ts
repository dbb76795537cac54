import type { ScenarioResult } from '../../report/result.js';
import type { CommandState } from '../command-result.js';
import type { EngineWish } from '../engine/chosen-engine.js';
import type { Examination } from './examination.js';
import type { Keep } from './keep.js';
import type { PlanQueue } from './queue.js';

/** What a run is to do. */
export interface RunOptions extends EngineWish {
  /** Files, directories or ids; empty means all that come with the tool. */
  readonly scenarios: readonly string[];
  /** Report directory of this run; it exists and can be written. */
  readonly directory: string;
  readonly runId: string;
  /** Whether faults may change the host globally although it is not a lab. */
  readonly allowHostChanges: boolean;
  /** What stays when the run ends, for `gc` to remove; nothing when absent. */
  readonly keep?: Keep | undefined;
  /** How many labs of its own the run may use at the same time; with any other engine it is one after another. */
  readonly jobs: number;
  /** How many packets each ping sends; five when absent. */
  readonly attempts?: number | undefined;
  /**
   * How a scenario is examined on its topology, its faults included, which it also undoes. Absent: faults, one look, diagnosis,
   * and its remedies verified.
   */
  readonly examine?: ((examination: Examination) => Promise<ScenarioResult>) | undefined;
  /** Called when a scenario is done. */
  readonly onScenario: (scenario: ScenarioResult) => void;
}

/** What all workers of a run share. */
export interface Shared extends CommandState {
  readonly options: RunOptions;
  readonly queue: PlanQueue;
}

/** Notes a scenario's result, and tells the listeners. */
export function finish({ done, options }: Pick<Shared, 'done' | 'options'>, scenario: ScenarioResult): void {
  done.push(scenario);
  options.onScenario(scenario);
}

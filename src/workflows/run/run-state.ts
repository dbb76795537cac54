import type { ScenarioResult } from '../../report/result.js';
import type { Clock } from '../clock.js';
import type { ChosenEngine, EngineWish } from '../engine-choice.js';
import type { Keep } from './keep.js';
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

/** Notes a scenario's result, and tells the listeners. */
export function finish({ done, options }: State, scenario: ScenarioResult): void {
  done.push(scenario);
  options.onScenario(scenario);
}

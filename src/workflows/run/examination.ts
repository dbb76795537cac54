import type { EngineAddress } from '../../engine/address.js';
import type { Engine, Shell } from '../../engine/engine.js';
import type { Plan } from '../../scenario/plan.js';
import type { Journal } from '../../topology/journal.js';
import type { Topology } from '../../topology/topology.js';
import type { Keep } from './keep.js';

/** What a scenario is examined with. */
export interface Examination {
  /** The run's id. */
  readonly run: string;
  readonly plan: Plan;
  readonly topology: Topology;
  /** Whether a scenario was examined on the topology before: what it taught the network is then removed first. */
  readonly used: boolean;
  readonly engine: Engine;
  /** How another session finds the engine. */
  readonly address: EngineAddress;
  readonly shell: Shell;
  readonly journal: Journal;
  /** The run's report directory. */
  readonly directory: string;
  readonly left: string[];
  /** Whether the faults stay. Remedies are undone in any case. */
  readonly keep: Keep | undefined;
  /** How many packets each ping sends; five when absent. */
  readonly attempts: number | undefined;
  readonly signal: AbortSignal;
  readonly onStep: (step: string) => void;
}

import type { Engine, Shell } from '../engine/engine.js';
import type { Journal } from './journal.js';

/** What a topology is created with. */
export interface TopologyEnvironment {
  readonly engine: Engine;
  readonly shell: Shell;
  readonly journal: Journal;
  /** Image of the scenario's containers: the agent's own, because that image is certainly there. */
  readonly image: string;
  readonly run: string;
  /** Whether the host may be changed globally: the lab, or the user said so. */
  readonly mayChangeHost: boolean;
  /** Aborts the creation. Cleanup ignores it. */
  readonly signal: AbortSignal;
  /** Receives one sentence for each thing that could not be removed. */
  readonly left: string[];
}

/** On a shared host, our objects must not take the names of the owner's objects. */
export function nameOnEngine({ mayChangeHost, run }: TopologyEnvironment, name: string): string {
  return mayChangeHost ? name : `ipvlan-doctor-${run}-${name}`;
}

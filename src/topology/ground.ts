import type { Engine, Shell } from '../engine/engine.js';
import type { Journal } from './journal.js';

/** What a topology is stood up with. */
export interface Ground {
  readonly engine: Engine;
  readonly shell: Shell;
  readonly journal: Journal;
  /** Image of the scenario's containers: the agent's own, for it is certainly there. */
  readonly image: string;
  readonly run: string;
  /** Whether the host may be changed globally: the lab, or the user said so. */
  readonly mayChangeHost: boolean;
  /** Ends what is being made. Cleanup does not know it. */
  readonly signal: AbortSignal;
  /** Receives one sentence for each thing that could not be taken down. */
  readonly left: string[];
}

/** On a host that is not ours alone, our objects must not take the names of its owner's. */
export function nameOnEngine({ mayChangeHost, run }: Ground, name: string): string {
  return mayChangeHost ? name : `ipvlan-doctor-${run}-${name}`;
}

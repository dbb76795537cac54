import type { NetworkState } from '../network/network-state.js';
import type { Observations } from '../network/observations/observations.js';
import type { Paths } from '../path/paths.js';
import type { Flow } from './flow.js';

/** What every `detect` receives: it reads raw facts through `network` and `observed` only. */
export interface Observed {
  /** Flows between what runs. */
  readonly flows: readonly Flow[];
  /** Flows with an end at a container that does not run: they say nothing of any network. */
  readonly stopped: readonly Flow[];
  /** The configuration, asked in one place. */
  readonly network: NetworkState;
  /** Captures, counters, neighbour tables and traces. */
  readonly observed: Observations;
  /** Where each flow goes by prediction, and where it was seen. */
  readonly paths: Paths;
}

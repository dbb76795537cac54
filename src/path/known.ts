import type { NetworkState } from '../network/network-state.js';
import type { Observations } from '../network/observations/observations.js';

/** What paths are worked out from: predictions from the configuration, and what becomes of them from observations. */
export interface Known {
  readonly network: NetworkState;
  readonly observed: Observations;
}

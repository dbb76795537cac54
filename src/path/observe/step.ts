import type { PredictedHop } from '../predict/leg.js';

/** A hop of the forward or return path. */
export interface Step extends PredictedHop {
  readonly direction: 'forward' | 'return';
}

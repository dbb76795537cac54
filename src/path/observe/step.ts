import type { PredictedHop } from '../predict/leg.js';

/** A hop on its way there or back. */
export interface Step extends PredictedHop {
  readonly direction: 'forward' | 'return';
}

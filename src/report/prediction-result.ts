import type { Hop } from '../path/hop.js';

/** What is predicted of changes, by a model of the network and without trying them. */
export type PredictionResult =
  | {
      readonly kind: 'predicted';
      /** The whole in a sentence or two. */
      readonly sentence: string;
      /** Ids of checks that fail now and pass then. */
      readonly mended: readonly string[];
      /** Those that still fail, and where. */
      readonly failing: readonly PredictedCheck[];
      /** Those that pass now and fail then. */
      readonly broken: readonly PredictedCheck[];
      /** Those of which the model cannot tell. */
      readonly open: readonly PredictedCheck[];
      /** Nodes that were not observed, and are assumed to be in order otherwise. */
      readonly assumed: readonly string[];
    }
  /** `why`: its kind with the data of that kind, as `NotPredictable` has them. */
  | { readonly kind: 'not-predictable'; readonly sentence: string; readonly why: TypedResult };

/** A check that does not pass by the model, or of which it cannot tell. */
export interface PredictedCheck {
  readonly id: string;
  /** Where it ends, or would have to be looked at. Absent where what stops it now is not in the model. */
  readonly place?: { readonly direction: 'forward' | 'return'; readonly hop: Hop; readonly node: string };
  /** Why, as the end of a sentence. */
  readonly because: string;
}

/** Data of one kind. */
export interface TypedResult {
  readonly kind: string;
  readonly [data: string]: unknown;
}

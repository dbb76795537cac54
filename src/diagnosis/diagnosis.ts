import type { Cause, Found, Inconclusive, Remedy, RuledOut } from './cause.js';
import type { Flow } from './flow.js';

/** What the evidence says, cause by cause. Pure function of evidence: see {@link diagnose}. */
export interface Diagnosis {
  /** Primary first: lowest layer, then the one that explains most. */
  readonly found: readonly FoundCause[];
  readonly ruledOut: readonly { readonly cause: Cause; readonly ruling: RuledOut }[];
  readonly inconclusive: readonly { readonly cause: Cause; readonly ruling: Inconclusive }[];
  readonly flows: readonly Flow[];
  /** Ids of the failing checks (never comparisons) that no found cause accounts for, not even as "one of". */
  readonly unexplained: readonly string[];
}

export interface FoundCause {
  readonly cause: Cause;
  readonly ruling: Found<unknown>;
  readonly explanation: string;
  readonly remedies: readonly Remedy[];
}

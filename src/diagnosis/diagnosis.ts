import type { Paths } from '../path/paths.js';
import type { Cause, Found, Inconclusive, Remedy, RuledOut } from './cause.js';
import type { Flow } from './flow.js';

/** What the evidence says, cause by cause. Pure function of evidence: see {@link diagnose}. */
export interface Diagnosis {
  /** Primary first: lowest layer, then the one that explains most. */
  readonly found: readonly FoundCause[];
  readonly ruledOut: readonly { readonly cause: Cause; readonly ruling: RuledOut }[];
  readonly inconclusive: readonly { readonly cause: Cause; readonly ruling: PrintedInconclusive }[];
  readonly flows: readonly Flow[];
  /** Where each of them goes by prediction, and where it was seen. */
  readonly paths: Paths;
  /** Ids of the failing checks (never comparisons) that no found cause accounts for, not even as "one of". */
  readonly unexplained: readonly string[];
}

export interface FoundCause {
  readonly cause: Cause;
  readonly ruling: Found<unknown>;
  readonly explanation: string;
  /** The flow that its story is told with; absent for what the engine rejected, and where it explains none. */
  readonly flow: Flow | undefined;
  readonly remedies: readonly FoundRemedy[];
}

/** A {@link Command} as text, every foreign word in it quoted for a POSIX shell. */
export interface PrintedCommand {
  readonly on: string;
  readonly run: string;
  /** Undoes `run`; absent where that is impossible, or not needed. */
  readonly undo: string | undefined;
}

/** A {@link Remedy} with its commands as text. It has none, and says why, when one of them cannot hold a name it needs. */
export interface PrintedRemedy extends Omit<Remedy, 'changes'> {
  readonly commands: readonly PrintedCommand[];
}

/** A remedy of a found cause: as text to paste, and as data to predict what it does. */
export interface FoundRemedy extends PrintedRemedy, Pick<Remedy, 'changes'> {}

/** An {@link Inconclusive} with its test as text; absent also when the test cannot hold a name it needs. */
export interface PrintedInconclusive extends Omit<Inconclusive, 'test'> {
  readonly test: PrintedCommand | undefined;
}

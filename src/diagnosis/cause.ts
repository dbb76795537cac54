import type { FactName } from '../evidence/facts.js';
import type { Driver } from '../scenario/plan.js';
import type { Hop } from '../path/hop.js';
import { ShellCommand } from '../shell.js';
import { on } from './command.js';
import type { Hypothesis } from './hypotheses/hypothesis.js';
import type { Change } from './remedies/change.js';
import type { Observed } from './observed.js';
import type { Detection } from './ruling.js';

export type { Observed } from './observed.js';
export * from './ruling.js';

export { distinctRuns, on, type Command } from './command.js';

/**
 * Where the fault lies, in the order a network engineer works up: when several causes are found, the lowest layer is primary.
 */
export const LAYERS = [
  'engine',
  'link',
  'address',
  'container',
  'host-route',
  'host-filter',
  'gateway',
  'uplink',
  'service',
] as const;
export type Layer = (typeof LAYERS)[number];

/**
 * `fault`: something is wrong. `by-design`: the driver works as meant and the wish cannot be met this way.
 * `informational`: worth saying, breaks nothing by itself.
 */
export type CauseKind = 'fault' | 'by-design' | 'informational';

/** One fix. Of a cause's remedies a run applies the first, and verifies it. */
export interface Remedy {
  readonly title: string;
  readonly changes: readonly Change[];
  /** `run`: may be executed by a run in the lab. `advice`: for other platforms, or needs containers to be recreated. */
  readonly use: 'run' | 'advice';
}

/**
 * How a cause is brought about where not by a fault of the same id that does what really happens. `scenario`: the scenario's
 * own network or site is made wrong. `emulation`: a fault does at the switch or the host what other hardware would do.
 * `ruled-out`: it never does what advice blames it for; a healthy scenario with its symptom rules it out by name.
 * `not`: no Linux host can show it, so that it is only explained.
 */
export type Reproduction =
  | { readonly by: 'scenario' }
  | { readonly by: 'ruled-out' }
  | { readonly by: 'emulation'; readonly how: string }
  | { readonly by: 'not'; readonly why: string };

/** A cause: one file, reviewed by a network engineer. See {@link defineCause}. */
export interface Cause<Detail = unknown> {
  /** Canonical id; equals the file's name. */
  readonly id: string;
  readonly title: string;
  readonly layer: Layer;
  readonly kind: CauseKind;
  readonly hop: Hop;
  /**
   * `engine`: what the engine rejected. It matters whether or not a check asked, and has no path. `test-target`: a note about what
   * was tried, which never leads while something else fails. Absent: the network.
   */
  readonly about?: 'engine' | 'test-target';
  readonly appliesTo: readonly Driver[];
  /** Without any of these the cause is inconclusive. */
  readonly needs: readonly FactName[];
  /**
   * Present where it also judges flows that nothing was sent for, of which the model says where they end: those a machine outside
   * would begin. It then reads that from `paths`, because nothing of them was observed.
   */
  readonly predicts?: true;
  /** A paragraph in our own words: how it comes about and how it shows. */
  readonly background: string;
  /** Where the mechanism is documented. */
  readonly see: readonly string[];
  /** How a scenario brings it about; absent: by the fault of the same id. */
  readonly reproduced?: Reproduction;
  /** How it is supposed where its place could not be looked at. Absent: its place is always seen, or it is never supposed. */
  readonly hypothesis?: Hypothesis<Detail>;
  /** Pure: the same evidence gives the same answer. */
  detect(observed: Observed): Detection<Detail>;
  /** One sentence with this run's names and addresses: what is broken and where. */
  explain(detail: Detail): string;
  remedy(detail: Detail): readonly Remedy[];
}

/** Gives a cause its types: `detect` decides what `explain` and `remedy` receive. */
export function defineCause<Detail>(cause: Cause<Detail>): Cause {
  return cause;
}

/** A fix that no run can apply: on another platform, or one that recreates networks and containers. `runs` without a node are `node`'s. */
export function advice(title: string, node: string, runs: readonly (ShellCommand | Change)[]): Remedy {
  return { title, use: 'advice', changes: runs.map((run) => (run instanceof ShellCommand ? on(node, run) : run)) };
}

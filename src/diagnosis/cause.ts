import type { FactName } from '../evidence/facts.js';
import type { Driver } from '../scenario/plan.js';
import type { NetworkState } from '../network/network-state.js';
import type { Observations } from '../network/observations/observations.js';
import type { Hop } from '../path/hop.js';
import type { Paths } from '../path/paths.js';
import { ShellCommand } from '../shell.js';
import type { CauseId } from './causes/ids.js';
import { on, type Command } from './command.js';
import type { Flow } from './flow.js';
import type { Observation } from './observation.js';
import type { Change } from './remedies/change.js';

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

/** A cause that was found. `Detail` is what `explain` and `remedy` need to speak with this run's own addresses. */
export interface Found<Detail> {
  readonly ruling: 'found';
  readonly detail: Detail;
  /** Ids of the flows that fail because of this. Must not be empty for a `fault`. */
  readonly explains: readonly string[];
  /**
   * The flow its explanation speaks of: headline, picture and annotations show it. Absent: of those it explains, the one that
   * `telling` chooses.
   */
  readonly about?: Flow | undefined;
  /** `certain`: seen in configuration or on the wire at the very place. `likely`: the symptoms fit and nothing contradicts. */
  readonly confidence: 'certain' | 'likely';
  /** Where it acts this time; absent: at the cause's usual hop. */
  readonly hop?: Hop;
  /** What it rests on. */
  readonly because: readonly Observation[];
  /**
   * Present when only rules tell, about packets that are lost before them: it counts only beside another cause that explains
   * the same flows.
   */
  readonly hidden?: true;
}

export interface RuledOut {
  readonly ruling: 'ruled-out';
  readonly because: string;
  /** True when the usual advice blames it: reports then name it as ruled out. */
  readonly oftenBlamed: boolean;
}

export interface Inconclusive {
  readonly ruling: 'inconclusive';
  /** What could not be seen. */
  readonly missing: string;
  /** Flows it would account for, when the symptoms fit; empty when even that is open. */
  readonly explains: readonly string[];
  /** Ids of the causes that cannot be told apart by what was seen, this one included. Empty when it stands alone. */
  readonly oneOf: readonly CauseId[];
  /** The one test that would decide. */
  readonly test: Command | undefined;
}

/** `undefined` means ruled out because nothing of the kind was seen. */
export type Detection<Detail> = Found<Detail> | RuledOut | Inconclusive | undefined;

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
  /** Present where it is about what the engine rejected: it then matters whether or not a check asked, and has no path. */
  readonly about?: 'engine';
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

/** A {@link Found} with its usual confidence. */
export function found<Detail>(
  rest: Omit<Found<Detail>, 'ruling' | 'confidence'> & Partial<Found<Detail>>,
): Found<Detail> {
  return { confidence: 'certain', ...rest, ruling: 'found' };
}

export function ruledOut(because: string): RuledOut {
  return { ruling: 'ruled-out', because, oftenBlamed: false };
}

/** For what the usual advice blames: a report names it as ruled out. */
export function ruledOutByName(because: string): RuledOut {
  return { ruling: 'ruled-out', because, oftenBlamed: true };
}

export function cannotTell(rest: Pick<Inconclusive, 'missing'> & Partial<Inconclusive>): Inconclusive {
  return { explains: [], oneOf: [], test: undefined, ...rest, ruling: 'inconclusive' };
}

/** A fix that no run can apply: on another platform, or one that recreates networks and containers. `runs` without a node are `node`'s. */
export function advice(title: string, node: string, runs: readonly (ShellCommand | Change)[]): Remedy {
  return { title, use: 'advice', changes: runs.map((run) => (run instanceof ShellCommand ? on(node, run) : run)) };
}

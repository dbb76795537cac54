import type { Hop } from '../path/hop.js';
import type { CauseId } from './causes/ids.js';
import type { Command } from './command.js';
import type { Flow } from './flow.js';
import type { Observation } from './observation.js';

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

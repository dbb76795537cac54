import type { AssumedSurroundings } from '../../network/surroundings.js';
import type { Command } from '../command.js';
import type { Observed } from '../observed.js';
import type { Found } from '../ruling.js';
import type { Flow } from '../flow.js';
import type { Observation } from '../observation.js';

/** What part of the traffic a hypothesis is about; what is absent does not narrow it. */
export interface TrafficPart {
  /** A container subnet. */
  readonly subnet?: string;
  readonly family?: 4 | 6;
  /** An address or subnet at the far end. */
  readonly target?: string;
  readonly protocol?: 'icmp' | 'tcp' | 'udp';
  readonly port?: number;
  /** A container's address that is meant, or one that another machine holds. */
  readonly address?: string;
}

/** What a hypothesis accounts for. */
export interface Supposed {
  /** The failing flows that it predicts, at least one. */
  readonly flows: readonly Flow[];
  /** Those of its scopes that nothing contradicts. */
  readonly scopes: readonly TrafficPart[];
}

/**
 * A cause in a place that could not be looked at, as a change to surroundings that are assumed to be in order. The path model says
 * what the change would bring about, and what was observed refutes it or not.
 */
export interface Hypothesis<Detail> {
  /** The parts of the traffic it could be about here; empty where the place was seen, or there is no such thing. */
  scopes(view: Observed, around: AssumedSurroundings): readonly TrafficPart[];
  /** The surroundings with this one thing wrong. */
  assume(around: AssumedSurroundings, scope: TrafficPart): AssumedSurroundings;
  /** Whether an observation that paths do not read contradicts it. Absent: none does. */
  contradicted?(view: Observed, scope: TrafficPart): boolean;
  /** What the cause tells of it where it is named. */
  found(view: Observed, supposed: Supposed): Pick<Found<Detail>, 'detail' | 'because'> & Partial<Found<Detail>>;
  /**
   * What was observed that something else at the same place would not have brought about. Empty: it cannot be told from that, and is
   * listed as possible, not named.
   */
  distinguishes(view: Observed, supposed: Supposed): readonly Observation[];
  /** What would have to be looked at: `the routes of the router`. */
  unseen(view: Observed): string;
  /** The one look that decides, where it has to be taken elsewhere. */
  test(view: Observed, supposed: Supposed): Command | undefined;
}

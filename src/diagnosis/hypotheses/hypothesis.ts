import type { AssumedSurroundings } from '../../network/surroundings.js';
import type { Command } from '../command.js';
import type { Observed } from '../observed.js';
import type { Found } from '../ruling.js';
import type { Flow } from '../flow.js';

/** What part of the traffic a hypothesis is about; what is absent does not narrow it. */
export interface TrafficPart {
  /** A container subnet. */
  readonly subnet?: string;
  readonly family?: 4 | 6;
  /** A link of the host that leads to the LAN. */
  readonly parent?: string;
  /** An address or subnet at the far end. */
  readonly target?: string;
  readonly protocol?: 'icmp' | 'tcp' | 'udp';
  readonly port?: number;
  /** ARP and neighbour discovery are concerned as well. */
  readonly arp?: true;
  /** A machine on the LAN that alone is concerned. */
  readonly neighbour?: string;
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
  /**
   * What the cause tells where something was observed that nothing else at the same place would have brought about. Absent, or
   * `undefined`: it cannot be told from something else there, and is listed as possible, not named.
   */
  named?(
    view: Observed,
    supposed: Supposed,
  ): (Pick<Found<Detail>, 'detail' | 'because'> & Partial<Found<Detail>>) | undefined;
  /** What would have to be looked at: `the routes of the router`. */
  unseen(view: Observed): string;
  /** The one look that decides, where it has to be taken elsewhere. */
  test(view: Observed, supposed: Supposed): Command | undefined;
}

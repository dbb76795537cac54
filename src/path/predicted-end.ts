import type { Facts } from '../evidence/facts.js';
import { NetworkState } from '../network/network-state.js';
import { Observations } from '../network/observations/observations.js';
import type { Hop } from './hop.js';
import type { Known } from './known.js';
import { settled } from './observe/settle.js';
import { bothLegs, sourceOf, type Sent } from './predict/both-legs.js';
import type { PredictedHop } from './predict/leg.js';
import type { Reason, Unseen } from './reason.js';

/** A place on a flow's way, in one of its directions. */
export interface PredictedPlace {
  readonly direction: 'forward' | 'return';
  readonly hop: Hop;
  readonly node: string;
}

/** What is predicted to become of a flow, with no look at what became of any. */
export type PredictedEnd =
  | { readonly kind: 'arrives' }
  | ({ readonly kind: 'lost'; readonly reason: Reason } & PredictedPlace)
  /** `missing`: what would have to be known; absent where the walk ends and configuration does not say why. */
  | ({ readonly kind: 'unknown'; readonly missing?: Unseen } & PredictedPlace);

/**
 * What packets leave behind in kernels and files is left out: captures, counters, traces. Of the neighbour tables those entries remain
 * that a prediction needs, because they outlast a change of anything else.
 */
export function stateFrom({ neighbours = {}, ...facts }: Partial<Facts>): Known {
  return { network: new NetworkState(facts), observed: new Observations({ neighbours }) };
}

/** Walks both directions of a flow by configuration and neighbour tables alone. */
export function predictedEnd(known: Known, probe: Sent): PredictedEnd {
  const learned = { macOf: (node: string, address: string) => known.observed.neighbour(node, address)?.mac };
  const { forward, returned } = bothLegs(known.network, { probe, source: sourceOf(known.network, probe), learned });
  const hops = [
    ...settled(known, forward.hops).map((hop) => ({ ...hop, direction: 'forward' as const })),
    ...settled(known, returned?.hops ?? []).map((hop) => ({ ...hop, direction: 'return' as const })),
  ];
  const ends = hops.flatMap((hop) => endAt(hop) ?? []);
  const decided = ends.find(({ kind }) => kind === 'lost') ?? ends[0];
  if (decided) return decided;
  const last = hops.at(-1);
  if (returned?.at === probe.from) return { kind: 'arrives' };
  const { direction = 'forward', hop = 'container', node = probe.from } = last ?? {};
  return { kind: 'unknown', direction, hop, node };
}

/** What ends at a hop, or may: also what follows a connection's first packet. */
function endAt({
  predicted,
  later,
  sometimes,
  ...step
}: PredictedHop & Pick<PredictedPlace, 'direction'>): PredictedEnd | undefined {
  const { direction, hop, node } = step;
  const reason = predicted.verdict === 'blocks' ? predicted.reason : (later ?? sometimes);
  if (reason) return { kind: 'lost', direction, hop, node, reason };
  return predicted.verdict === 'unknown'
    ? { kind: 'unknown', direction, hop, node, missing: predicted.missing }
    : undefined;
}

import type { ProbeResult } from '../../evidence/evidence.js';
import { comesOutWrong, type Seen } from './look.js';
import type { Step } from './step.js';

/**
 * Index of the last step behind which packets were seen; -1 when they were seen nowhere. A node that a packet was not seen to
 * reach has nothing to pass on: what it asks for by ARP it asks for others.
 */
export function lastSeen(seen: readonly Seen[]): number {
  const watched = seen.map(({ state }, index) => ({ state, index })).filter(({ state }) => state !== 'unknown');
  const lost = (index: number) => {
    const before = watched.findLast((one) => one.index < index && one.state !== 'asked for');
    return before?.state === 'not seen';
  };
  return (
    watched.findLast(({ state, index }) => state === 'seen' || (state === 'asked for' && !lost(index)))?.index ?? -1
  );
}

/** Where a connection that was refused ended: the reply arrived, and it is the port that is closed. */
export function refusedAt({ outcome }: ProbeResult, steps: readonly Step[], seen: readonly Seen[]): number | undefined {
  if (outcome.kind !== 'attempts' || outcome.failure !== 'refused') return undefined;
  const at = steps.findIndex(({ hop, predicted }) => hop === 'target' && predicted.verdict === 'blocks');
  // Not where another machine got the request than was meant.
  const elsewhere = steps.some((step, index) => index < at && comesOutWrong(step, index, seen));
  return at < 0 || elsewhere ? undefined : at;
}

/** The step at which the packet ends, or, where the model sees no reason, the one after which it was not seen. */
export function endOf(steps: readonly Step[], seen: readonly Seen[], last: number): number | undefined {
  const after = steps.length - 1;
  // Request and reply came through: then it is what follows them that is lost.
  const later = last === after ? indexOf(steps, (step) => step.later !== undefined) : undefined;
  const wrong = indexOf(
    steps,
    (step, index) => (index <= last || step.sometimes !== undefined) && comesOutWrong(step, index, seen),
  );
  const known = later ?? wrong ?? unansweredAt(steps, seen, last);
  if (known !== undefined) return known;
  const unseen = indexOf(seen, ({ state }, index) => index > last && state === 'not seen') ?? after;
  const between = predictedEnd(steps, last, unseen);
  if (between !== undefined) return between;
  // Seen to go out on the wire, and not to come in anywhere: it ends on the wire itself.
  if (steps[last]?.hop === 'lan') return last;
  return last < after ? last + 1 : undefined;
}

/** Unanswered ARP: the step that named the next hop is to blame, or the one that should answer, if the model says so. */
function unansweredAt(steps: readonly Step[], seen: readonly Seen[], last: number): number | undefined {
  if (seen[last]?.state !== 'asked for') return undefined;
  return indexOf(steps, ({ predicted, asks }) => predicted.verdict === 'blocks' && asks === steps[last]?.asks);
}

/** Of the steps after one and up to another, the first that blocks, else the first that could not be predicted. */
function predictedEnd(steps: readonly Step[], from: number, to: number): number | undefined {
  const first = (verdict: 'blocks' | 'unknown') =>
    indexOf(steps, ({ predicted }, index) => index > from && index <= to && predicted.verdict === verdict);
  return first('blocks') ?? first('unknown');
}

function indexOf<Item>(items: readonly Item[], test: (item: Item, index: number) => boolean): number | undefined {
  const index = items.findIndex(test);
  return index < 0 ? undefined : index;
}

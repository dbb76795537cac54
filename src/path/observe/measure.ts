import type { ProbeResult } from '../../evidence/evidence.js';
import type { Known } from '../known.js';
import type { Loss, HopObservation, PathHop } from '../path.js';
import { endOf, lastSeen, refusedAt } from './end.js';
import { comesOutWrong, lookAt, UNKNOWN, type Seen } from './look.js';
import { isRepliedByOther } from './replied-by-other.js';
import { arrivesPartly, lossIn } from './loss.js';
import type { Marked } from './sighting.js';
import type { Step } from './step.js';
import { tracedAt } from './traced.js';

/** What was measured of each step, and where the packet ends. */
export interface Measured {
  readonly measurements: readonly Pick<PathHop, 'observed' | 'sources' | 'traced'>[];
  /** Index of the step the packet ends at; `undefined` when it arrived or nothing tells. */
  readonly end: number | undefined;
  /** Index of the last step behind which it was seen; -1 when it was seen nowhere. */
  readonly last: number;
  /** Whether it ends there because it was seen to go to a MAC address the model warns of. */
  readonly toWrongMac: boolean;
  /** Whether some vantage point was awake at all. */
  readonly looked: boolean;
  /** Where some packets go missing while others arrive. */
  readonly loss: Loss | undefined;
}

/**
 * Reads from the captures how far a probe's packets came. They ended between the last vantage point that saw them and the
 * next one that was awake and did not; of the hops between, it is the one the model says blocks.
 */
export function measure(
  known: Known,
  { probe, from }: { readonly probe: ProbeResult; readonly from: string },
  steps: readonly Step[],
): Measured {
  if (probe.outcome.kind === 'not-asked') return unasked(steps);
  const mark: Marked = { tag: probe.tag, from, to: probe.to.address };
  const all = lookAt(known, steps, mark);
  // A reply of another machine shows nothing of the target's.
  const seen = isRepliedByOther(probe)
    ? all.map((one, at) => (steps[at]?.direction === 'return' ? UNKNOWN : one))
    : all;
  const arrived = probe.outcome.kind === 'attempts' && probe.outcome.arrived > 0;
  const elsewhere = steps.findIndex((step, index) => step.wrongMac !== undefined && comesOutWrong(step, index, seen));
  const partly = lossOf(probe, steps, seen);
  const { end, last, traced } = arrived
    ? { end: partly && elsewhere >= 0 ? elsewhere : partly?.at, last: steps.length - 1, traced: undefined }
    : endOfLost(known, { probe, mark }, { steps, seen });
  return {
    measurements: seen.map(({ sources }, index) => ({
      observed: partly && index !== end ? 'passed' : measurementOf(index, last, end),
      sources,
      traced: index === end ? traced : undefined,
    })),
    end,
    last,
    toWrongMac: end !== undefined && end === elsewhere,
    looked: seen.some(({ state }) => state !== 'unknown'),
    loss: partly?.loss,
  };
}

/** Nothing was sent, so nothing was to be seen: it ends where the model says so. */
function unasked(steps: readonly Step[]): Measured {
  const end = steps.findIndex(({ predicted }) => predicted.verdict === 'blocks');
  return {
    measurements: steps.map(() => ({ observed: 'not visible', sources: undefined, traced: undefined })),
    end: end < 0 ? undefined : end,
    last: -1,
    toWrongMac: false,
    looked: false,
    loss: undefined,
  };
}

/** Where a packet ends that does not arrive: where a trace shows it dropped, where a port is closed, else by what was seen. */
function endOfLost(
  { observed }: Known,
  { probe, mark }: { readonly probe: ProbeResult; readonly mark: Marked },
  { steps, seen }: { readonly steps: readonly Step[]; readonly seen: readonly Seen[] },
): Pick<Measured, 'end' | 'last'> & Pick<PathHop, 'traced'> {
  const last = lastSeen(seen);
  // What a trace shows dropped at one hop, or a closed port refuses, came through those before it.
  for (const [index, step] of steps.entries()) {
    const traced = index > last ? tracedAt(observed, step, mark) : undefined;
    if (traced) return { end: index, last: index - 1, traced };
  }
  const closed = refusedAt(probe, steps, seen);
  if (closed !== undefined) return { end: closed, last: closed - 1, traced: undefined };
  return { end: endOf(steps, seen, last), last, traced: undefined };
}

function lossOf({ outcome }: ProbeResult, steps: readonly Step[], seen: readonly Seen[]) {
  if (outcome.kind !== 'attempts' || !arrivesPartly(outcome)) return undefined;
  return lossIn(
    steps.map((step, index) => ({ step, packets: seen[index]?.packets })),
    outcome.sent,
  );
}

function measurementOf(index: number, last: number, end: number | undefined): HopObservation {
  if (end === index) return 'lost';
  if (end !== undefined && index > end) return 'not reached';
  if (index <= last) return 'passed';
  return 'not visible';
}

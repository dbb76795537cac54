import type { ProbeResult } from '../../evidence/evidence.js';
import type { Decider } from '../../network/packet-filter.js';
import { sameAddress } from '../../ip.js';
import type { Hop } from '../hop.js';
import { arrivesPartly, differentPackets, lossIn } from './loss.js';
import type { Trodden, Vantage } from '../predict/leg.js';
import type { Loss, Measurement, PathHop } from '../path.js';
import { arpFor, sightingOf, sourcesOf, type Marked } from './sighting.js';
import type { World } from '../../network/world.js';

/** A hop on its way there or back. */
export interface Step extends Trodden {
  readonly direction: 'there' | 'back';
}

/** What a vantage point right behind a step saw. `unknown`: nobody looked there, or not provably awake. */
interface Seen {
  readonly state: 'seen' | 'asked for' | 'not seen' | 'unknown';
  readonly sources: readonly string[] | undefined;
  /** Hardware addresses they were sent to. */
  readonly targetMacs?: readonly string[];
  /** How many different ones; absent where nobody looked, or not provably awake. */
  readonly packets?: number;
}

/** What was measured of each step, and where the packet ends. */
export interface Measured {
  readonly measurements: readonly Pick<PathHop, 'measured' | 'sources' | 'traced'>[];
  /** Index of the step the packet ends at; `undefined` when it arrived or nothing tells. */
  readonly end: number | undefined;
  /** Index of the last step behind which it was seen; -1 when it was seen nowhere. */
  readonly last: number;
  /** Whether it ends there because it was seen to go to a hardware address the model warns of. */
  readonly astray: boolean;
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
  world: World,
  { probe, from }: { readonly probe: ProbeResult; readonly from: string },
  steps: readonly Step[],
): Measured {
  const mark: Marked = { tag: probe.tag, from, to: probe.to.address };
  const seen = steps.map((step, index) => look(world, isPassedAgain(steps, index) ? unwatched(step) : step, mark));
  const arrived = probe.outcome.kind === 'attempts' && probe.outcome.arrived > 0;
  const partly = lossOf(probe, steps, seen);
  const seenLast = arrived ? steps.length - 1 : lastSeen(seen);
  const traced = arrived
    ? []
    : steps.map((step, index) => (index > seenLast ? tracedAt(world, step, mark) : undefined));
  const closed = refusedAt(probe, steps, seen);
  const dropped = traced.findIndex((rule) => rule !== undefined);
  const astray = steps.findIndex((step, index) => step.wrongMac !== undefined && comesOutWrong(step, index, seen));
  const lost = partly && astray >= 0 ? astray : partly?.at;
  const end = arrived ? lost : dropped >= 0 ? dropped : (closed ?? endOf(steps, seen, seenLast));
  // What a trace shows dropped at one hop, or a closed port refuses, came through those before it.
  const last = dropped >= 0 ? dropped - 1 : (closed ?? seenLast + 1) - 1;
  return {
    measurements: seen.map(({ sources }, index) => ({
      measured: partly && index !== end ? 'passed' : measurementOf(index, last, end),
      sources,
      traced: index === end ? traced[index] : undefined,
    })),
    end,
    last,
    astray: end !== undefined && end === astray,
    looked: seen.some(({ state }) => state !== 'unknown'),
    loss: partly?.loss,
  };
}

function lossOf({ outcome }: ProbeResult, steps: readonly Step[], seen: readonly Seen[]) {
  if (outcome.kind !== 'attempts' || !arrivesPartly(outcome)) return undefined;
  return lossIn(
    steps.map((step, index) => ({ step, packets: seen[index]?.packets })),
    outcome.sent,
  );
}

/** Where a connection that was refused ended: the answer came all the way back, and it is the port that is closed. */
function refusedAt({ outcome }: ProbeResult, steps: readonly Step[], seen: readonly Seen[]): number | undefined {
  if (outcome.kind !== 'attempts' || outcome.failure !== 'refused') return undefined;
  const at = steps.findIndex(({ hop, predicted }) => hop === 'target' && predicted.verdict === 'blocks');
  // Not where somebody else was asked than was meant.
  const astray = steps.some((step, index) => index < at && comesOutWrong(step, index, seen));
  return at < 0 || astray ? undefined : at;
}

/** Whom a packet was not seen to reach has nothing to pass on: what it asks for by ARP it asks for others. */
function lastSeen(seen: readonly Seen[]): number {
  const watched = seen.map(({ state }, index) => ({ state, index })).filter(({ state }) => state !== 'unknown');
  const lost = (index: number) => {
    const before = watched.findLast((one) => one.index < index && one.state !== 'asked for');
    return before?.state === 'not seen';
  };
  return (
    watched.findLast(({ state, index }) => state === 'seen' || (state === 'asked for' && !lost(index)))?.index ?? -1
  );
}

const FILTERED: ReadonlySet<Hop> = new Set(['host-output', 'host-input', 'host-forward', 'parent']);

/** What the kernel's own trace says dropped the packet on the host, on this direction of its way. */
function tracedAt(world: World, { hop, node, direction }: Step, { tag, from, to }: Marked): Decider | undefined {
  if (!FILTERED.has(hop)) return undefined;
  const destination = direction === 'there' ? to : from;
  return world.tracedDrop(node, { tag, destination, onLink: hop === 'parent' });
}

function look(world: World, { vantage, direction, asks, asker }: Step, mark: Marked): Seen {
  const capture = vantage && captureFor(world, vantage);
  // Nothing can look at a link that is set down, and nothing passes it.
  const down = vantage && world.link(vantage.node, vantage.device)?.adminUp === false;
  if (!capture) return { state: down ? 'not seen' : 'unknown', sources: undefined };
  const { requests, replies, reliable } = sightingOf(mark, capture);
  const packets = (direction === 'there' ? requests : replies).filter(
    (packet) => vantage.direction === undefined || packet.direction === vantage.direction,
  );
  if (packets.length > 0)
    return {
      state: 'seen',
      sources: sourcesOf(packets),
      targetMacs: packets.map(({ targetMac }) => targetMac),
      ...(reliable ? { packets: differentPackets(packets) } : {}),
    };
  if (!reliable) return { state: 'unknown', sources: undefined };
  // It waits in the sender's neighbour table; that it wanted to leave is seen all the same.
  const anybody = [mark.from, ...(direction === 'back' ? [mark.to] : []), ...world.addressesOf(vantage)];
  const askers = asker === undefined ? anybody : [asker];
  const quest = asks === undefined ? undefined : arpFor(capture, asks, askers);
  return { state: quest?.asked && !quest.answered ? 'asked for' : 'not seen', sources: undefined, packets: 0 };
}

/** Whether a packet that goes in circles comes by a place once more: what was seen there tells of the first time only. */
function isPassedAgain(steps: readonly Step[], index: number): boolean {
  const { vantage, direction } = steps[index] ?? {};
  if (!vantage) return false;
  const before = steps.slice(0, index).findLastIndex(({ node }) => node !== vantage.node);
  return steps
    .slice(0, before + 1)
    .some(
      (step) =>
        step.direction === direction &&
        step.vantage?.node === vantage.node &&
        step.vantage.device === vantage.device &&
        step.vantage.direction === vantage.direction,
    );
}

function unwatched({ vantage: _, ...step }: Step): Step {
  return step;
}

function captureFor(world: World, { node, device }: Vantage) {
  return world.capture(node, device);
}

/** The step at which the packet ends, or, where the model sees no reason, the one after which nobody saw it. */
function endOf(steps: readonly Step[], seen: readonly Seen[], last: number): number | undefined {
  // Question and answer came through: then it is what follows them that dies.
  if (last === steps.length - 1) {
    const later = steps.findIndex((step) => step.later !== undefined);
    if (later >= 0) return later;
  }
  const wrong = steps.findIndex(
    (step, index) => (index <= last || step.sometimes !== undefined) && comesOutWrong(step, index, seen),
  );
  if (wrong >= 0) return wrong;
  const blockers = steps
    .map(({ predicted }, index) => (predicted.verdict === 'blocks' ? index : -1))
    .filter((index) => index >= 0);
  // Asked for in vain: the step that named the next hop is to blame, or the one that should answer, if the model says so.
  const vain =
    seen[last]?.state === 'asked for' ? blockers.find((index) => steps[index]?.asks === steps[last]?.asks) : undefined;
  if (vain !== undefined) return vain;
  const silent = seen.findIndex(({ state }, index) => index > last && state === 'not seen');
  const reach = silent < 0 ? steps.length - 1 : silent;
  const within = (index: number) => index > last && index <= reach;
  const unclear = steps.findIndex(({ predicted }, index) => within(index) && predicted.verdict === 'unknown');
  const [foretold] = blockers.filter(within);
  if (foretold !== undefined || unclear >= 0) return foretold ?? unclear;
  // Seen to go out on the wire, and by nobody to come in: it ends on the wire itself.
  if (steps[last]?.hop === 'lan') return last;
  return last + 1 < steps.length ? last + 1 : undefined;
}

/** Whether the next look behind a step shows the source, or the last one before it the hardware address, the model warns of. */
function comesOutWrong({ wrongSource, wrongMac }: Step, index: number, seen: readonly Seen[]): boolean {
  if (wrongMac !== undefined) {
    const before = seen.slice(0, index).findLast(({ targetMacs }) => targetMacs !== undefined);
    return before?.targetMacs?.includes(wrongMac) ?? false;
  }
  if (!wrongSource) return false;
  const next = seen.slice(index).find(({ sources }) => sources !== undefined);
  return next?.sources?.some((source) => wrongSource.some((wrong) => sameAddress(wrong, source))) ?? false;
}

function measurementOf(index: number, last: number, end: number | undefined): Measurement {
  if (end === index) return 'died';
  if (end !== undefined && index > end) return 'not reached';
  if (index <= last) return 'passed';
  return 'not visible';
}

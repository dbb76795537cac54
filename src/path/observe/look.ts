import { bare, sameAddress } from '../../ip.js';
import { isLearnedEntry } from '../../network/observations/neighbour-entry.js';
import type { Known } from '../known.js';
import type { Interface } from '../path.js';
import { captureOn } from './captures.js';
import { differentPackets } from './loss.js';
import { arpFor, sightingOf, sourcesOf, type Marked } from './sighting.js';
import type { Step } from './step.js';

/** What a vantage point right behind a step saw. `unknown`: nothing looked there, or it was not provably awake. */
export interface Seen {
  readonly state: 'seen' | 'asked for' | 'not seen' | 'unknown';
  readonly sources: readonly string[] | undefined;
  /** MAC addresses they were sent to. */
  readonly targetMacs?: readonly string[];
  /** How many different ones; absent where nothing looked, or it was not provably awake. */
  readonly packets?: number;
}

/** Where nothing looked, or what was seen tells nothing. */
export const UNKNOWN: Seen = { state: 'unknown', sources: undefined };

/** What was seen of a probe's packets behind each step. */
export function lookAt(known: Known, steps: readonly Step[], mark: Marked): readonly Seen[] {
  return steps.map((step, index) => (isPassedAgain(steps, index) ? UNKNOWN : look(known, step, mark)));
}

function look(known: Known, step: Step, mark: Marked): Seen {
  const { vantage, direction } = step;
  if (!vantage) return UNKNOWN;
  const capture = captureOn(known, vantage);
  // Nothing can look at a link that is set down, and nothing passes it.
  const isDown = known.network.links.state(vantage.node, vantage.device) === 'down';
  if (!capture) return isDown ? { state: 'not seen', sources: undefined } : UNKNOWN;
  const { requests, replies, reliable } = sightingOf(mark, capture);
  const packets = (direction === 'forward' ? requests : replies).filter(
    (packet) => vantage.direction === undefined || packet.direction === vantage.direction,
  );
  if (packets.length > 0)
    return {
      state: 'seen',
      sources: sourcesOf(packets),
      targetMacs: packets.map(({ targetMac }) => targetMac),
      ...(reliable ? { packets: differentPackets(packets) } : {}),
    };
  if (!reliable) return UNKNOWN;
  // It waits in the sender's neighbour table; that it wanted to leave is seen all the same.
  const arp = step.asks === undefined ? undefined : arpFor(capture, step.asks, askersOf(known, step, mark));
  const waits = arp?.asked === true && !arp.answered && !hasLearned(known, vantage, step.asks ?? '');
  return { state: waits ? 'asked for' : 'not seen', sources: undefined, packets: 0 };
}

/** Whether a container knows the MAC address that it asked for, by a reply that was not captured: then no packet waits for it. */
function hasLearned({ network: { names }, observed }: Known, { node }: Interface, address: string): boolean {
  return names.node(node)?.kind === 'container' && isLearnedEntry(observed.neighbour(node, address));
}

/** Whose ARP requests at a step are this flow's. */
function askersOf(
  { network: { names, links } }: Known,
  { vantage, direction, asker }: Step,
  { from, to }: Marked,
): readonly string[] {
  if (asker !== undefined) return [asker];
  const node = names.node(vantage?.node)?.addresses ?? [];
  const link = links.link(vantage?.node, vantage?.device)?.addresses ?? [];
  return [from, ...(direction === 'return' ? [to] : []), ...node, ...link.map(bare)];
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

/** Whether the next look behind a step shows the source, or the last one before it the MAC address, the model warns of. */
export function comesOutWrong({ wrongSource, wrongMac }: Step, index: number, seen: readonly Seen[]): boolean {
  if (wrongMac !== undefined) {
    const before = seen.slice(0, index).findLast(({ targetMacs }) => targetMacs !== undefined);
    return before?.targetMacs?.includes(wrongMac) ?? false;
  }
  if (!wrongSource) return false;
  const next = seen.slice(index).find(({ sources }) => sources !== undefined);
  return next?.sources?.some((source) => wrongSource.some((wrong) => sameAddress(wrong, source))) ?? false;
}

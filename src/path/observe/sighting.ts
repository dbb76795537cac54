import type { Capture, Packet } from '../../evidence/facts.js';
import { sameAddress } from '../../ip.js';
import { perCapture } from '../../network/observations/per-capture.js';

/** How a probe's packets are known again: by its tag, or, for a probe without one, by its addresses. */
export interface Marked {
  readonly tag: number | undefined;
  readonly from: string;
  readonly to: string;
}

/** One flow as a vantage point saw it: its own packets, also where NAT changed their addresses. */
export interface Sighting {
  readonly requests: readonly Packet[];
  readonly replies: readonly Packet[];
  /** Whether the vantage point was awake: without it, empty lists show nothing. */
  readonly reliable: boolean;
}

/**
 * Finds a probe's packets in a capture: they carry its tag, the ICMP echo identifier or the sender's port, which stays where
 * NAT changes addresses.
 */
export function sightingOf(mark: Marked, capture: Capture | undefined): Sighting {
  if (capture === undefined) return { requests: [], replies: [], reliable: false };
  const known = sightingsIn(capture);
  const key = `${mark.tag} ${mark.from} ${mark.to}`;
  const seen = known.get(key) ?? searched(mark, capture);
  known.set(key, seen);
  return seen;
}

const sightingsIn = perCapture(() => new Map<string, Sighting>());

function searched({ tag, from, to }: Marked, { packets, control }: Capture): Sighting {
  const requests = packets.filter((packet) => (tag === undefined ? goes(packet, from, to) : isRequest(packet, tag)));
  const replies = packets.filter((packet) => (tag === undefined ? goes(packet, to, from) : isReply(packet, tag)));
  return { requests, replies, reliable: control === 'seen' };
}

function isRequest({ content }: Packet, tag: number): boolean {
  if (content.kind === 'icmp') return content.type === 'echo-request' && content.id === tag;
  return (content.kind === 'tcp' || content.kind === 'udp') && content.sourcePort === tag;
}

function isReply({ content }: Packet, tag: number): boolean {
  if (content.kind === 'icmp') return content.type === 'echo-reply' && content.id === tag;
  return (content.kind === 'tcp' || content.kind === 'udp') && content.destinationPort === tag;
}

function goes({ content }: Packet, source: string, destination: string): boolean {
  return 'source' in content && sameAddress(content.source, source) && sameAddress(content.destination, destination);
}

/** Distinct source addresses of packets. */
export function sourcesOf(packets: readonly Packet[]): readonly string[] {
  return [...new Set(packets.flatMap(({ content }) => ('source' in content ? [content.source] : [])))];
}

/** ARP or neighbour discovery about one address at one vantage point. */
export interface ArpSeen {
  readonly asked: boolean;
  readonly answered: boolean;
}

/** @param askers whose requests, and the replies to them, count; those of all when absent */
export function arpFor(capture: Capture | undefined, address: string, askers?: readonly string[]): ArpSeen {
  const about = arpPackets(capture);
  // In IPv6 a node may ask from its link-local address, which no other node knows.
  const counts = (asker: string) => /^fe80/i.test(asker) || (askers?.some((own) => sameAddress(own, asker)) ?? true);
  return {
    asked: about.some(
      ({ operation, target, sender }) => operation === 'request' && sameAddress(target, address) && counts(sender),
    ),
    answered: about.some(
      (one) =>
        one.operation === 'reply' &&
        // An ARP reply names the node it answers; a neighbour advertisement the address it answers for.
        (one.kind === 'arp'
          ? sameAddress(one.sender, address) && counts(one.target)
          : sameAddress(one.target, address)),
    ),
  };
}

/** Addresses that `asker` asked for without a reply. */
export function unansweredRequests(capture: Capture | undefined, asker: readonly string[]): readonly string[] {
  const asked = arpPackets(capture).flatMap(({ operation, sender, target }) =>
    operation === 'request' && asker.some((own) => sameAddress(own, sender)) ? [target] : [],
  );
  return [...new Set(asked)].filter((address) => !arpFor(capture, address).answered);
}

type Resolution = Extract<Packet['content'], { kind: 'arp' | 'nd' }>;

const resolutionsIn = perCapture(({ packets }): readonly Resolution[] =>
  packets.flatMap(({ content }) => (content.kind === 'arp' || content.kind === 'nd' ? [content] : [])),
);

function arpPackets(capture: Capture | undefined): readonly Resolution[] {
  return capture === undefined ? [] : resolutionsIn(capture);
}

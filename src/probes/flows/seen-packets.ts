import type { ProbeResult } from '../../evidence/evidence.js';
import type { Capture, Link, Packet, PerNode } from '../../evidence/facts.js';
import { bare, sameAddress } from '../../ip.js';
import { DNS_PORT } from './dns.js';
import { HTTP_PORT } from './http.js';
import { HANDSHAKE_ONLY } from './tcp.js';

/** What was captured, and the links it was captured on. */
export interface CapturedLook {
  readonly captures: readonly Capture[];
  readonly links: PerNode<readonly Link[]>;
  /** Containers and machines of the site: what arrives at them is captured. */
  readonly targets: ReadonlySet<string>;
  /** Source ports of all probes. */
  readonly tags: ReadonlySet<number>;
}

type Attempted = Extract<ProbeResult['outcome'], { kind: 'attempts' }>;

/**
 * A tool takes a reply for the target's, and a connection for one that carries data. What was captured may show otherwise: that the
 * request never reached the target, or that nothing after the handshake is acknowledged. Such a probe did not arrive. Where a capture
 * shows the acknowledgement that the tool waited for, the tool was late, and the probe arrived.
 */
export function asCaptured(probe: ProbeResult, seen: CapturedLook): ProbeResult {
  const { outcome, tag } = probe;
  if (probe.over.protocol === 'multicast') return asReceived(probe, seen);
  if (outcome.kind !== 'attempts' || tag === undefined) return probe;
  if (outcome.arrived > 0 && isAnsweredByAnother(probe, tag, seen))
    return { ...probe, outcome: failed(outcome, 'other-machine', ANOTHER) };
  const data = isConnection(probe) ? dataSeen(probe, tag, seen) : 'unseen';
  if (data === 'lost') return { ...probe, outcome: failed(outcome, 'no-data-after-handshake', HANDSHAKE_ONLY) };
  if (data === 'passes' && outcome.failure === 'no-data-after-handshake')
    return { ...probe, outcome: { ...outcome, arrived: outcome.sent, failure: undefined, said: [] } };
  return probe;
}

/** A datagram to a group needs no reply: it arrived where a capture at the target sees it. */
function asReceived(probe: ProbeResult, seen: CapturedLook): ProbeResult {
  const { outcome, to } = probe;
  if (outcome.kind !== 'attempts' || outcome.arrived > 0 || !isReceived(probe, seen)) return probe;
  const words = `the datagram reached ${to.node}, which did not reply`;
  return { ...probe, outcome: { ...outcome, arrived: 1, failure: undefined, said: [...outcome.said, words] } };
}

/**
 * Containers on one IPvlan parent share its MAC address, so that what comes in from a sibling looks like what goes out. At the host, what
 * its containers send leaves through the parent and does not come in.
 */
function isReceived({ tag, over, to, from }: ProbeResult, { captures, targets }: CapturedLook): boolean {
  if (over.protocol !== 'multicast' || to.node === from) return false;
  return captures
    .filter(({ node }) => node === to.node)
    .flatMap(({ packets }) => packets)
    .some(
      ({ content, direction }) =>
        content.kind === 'udp' &&
        content.sourcePort === tag &&
        sameAddress(content.destination, over.group) &&
        (direction === 'in' || targets.has(to.node ?? '')),
    );
}

/** A connection, or a request over one, to which no other outcome is known than that it came up or that nothing replied. */
function isConnection({ over, outcome }: ProbeResult): boolean {
  if (outcome.kind !== 'attempts' || (over.protocol !== 'tcp' && over.protocol !== 'http')) return false;
  return (
    outcome.failure === undefined || outcome.failure === 'timeout' || outcome.failure === 'no-data-after-handshake'
  );
}

const ANOTHER = 'a reply came, and the request did not reach the target: another machine replied';

function failed(outcome: Attempted, failure: NonNullable<Attempted['failure']>, words: string): Attempted {
  return { ...outcome, arrived: 0, roundTripMs: undefined, failure, said: [...new Set([...outcome.said, words])] };
}

/** A service of a machine of ours whose own link was captured, awake, and saw no packet of the probe. */
function isAnsweredByAnother(
  { from, over, to }: ProbeResult,
  tag: number,
  { captures, links, targets, tags }: CapturedLook,
): boolean {
  const port = servicePort(over);
  if (port === undefined || isLookup({ over, to }) || !targets.has(to.node ?? '')) return false;
  const holding = (node: string | undefined) =>
    links[node ?? '']?.find(({ addresses }) => addresses.some((own) => sameAddress(bare(own), to.address)));
  const link = holding(to.node);
  // In L3S what comes in is handed to the container behind the place a capture on its link looks at. What a node sends to itself leaves no link.
  if (!link || link.mode === 'l3s' || holding(from)) return false;
  const capture = captures.find(({ node, device }) => node === to.node && device === link.name);
  const own = captures.filter(({ node }) => node === to.node).flatMap(({ packets }) => portsOf(packets));
  // A request with the source port of no probe may be this one: a router may change that too.
  const mayBe = own.some(({ source, destination }) => source === tag || (destination === port && !tags.has(source)));
  return capture?.control === 'seen' && !mayBe;
}

/** A name is looked up at another machine on purpose. */
function isLookup({ over, to }: Pick<ProbeResult, 'over' | 'to'>): boolean {
  return over.protocol === 'dns' && to.name !== undefined;
}

/** The port that a service is asked at; `undefined` for what has none. */
function servicePort(over: ProbeResult['over']): number | undefined {
  if (over.protocol === 'dns') return DNS_PORT;
  if (over.protocol === 'http') return HTTP_PORT;
  return over.protocol === 'tcp' || over.protocol === 'udp' ? over.port : undefined;
}

function portsOf(packets: readonly Packet[]): readonly { readonly source: number; readonly destination: number }[] {
  return packets.flatMap(({ content }) =>
    content.kind === 'tcp' || content.kind === 'udp'
      ? [{ source: content.sourcePort, destination: content.destinationPort }]
      : [],
  );
}

/** How often the same segment must have been sent without an acknowledgement: once more may be chance. */
const UNACKNOWLEDGED = 3;

type DataFate = 'lost' | 'passes' | 'unseen';

/**
 * What became of the segments after the handshake. `lost`: one was sent again and again, and nothing that came back acknowledges it;
 * or, at the target, its reply to the first packet. `passes`: one was acknowledged. A reset acknowledges: something answered.
 */
function dataSeen({ from, to, outcome }: ProbeResult, tag: number, { captures }: CapturedLook): DataFate {
  const awake = (node: string | undefined) =>
    captures
      .filter((capture) => capture.node === node && capture.control === 'seen')
      .flatMap(({ packets }) => packets.filter(isTcp));
  const sender = awake(from);
  const target = awake(to.node);
  const came = sender.filter(({ content }) => content.destinationPort === tag);
  const connected = outcome.kind !== 'attempts' || outcome.failure !== 'timeout' || came.some(isAccepted);
  if (!connected) return 'unseen';
  const later = sender.filter((packet) => packet.content.sourcePort === tag && takesNumber(packet));
  const replies = target.filter((packet) => packet.content.destinationPort === tag && isAccepted(packet));
  const reached = target.filter(({ content }) => content.sourcePort === tag);
  const fates = [fateOf(later, came), fateOf(replies, reached)];
  if (fates.includes('lost')) return 'lost';
  return fates[0] === 'passes' ? 'passes' : 'unseen';
}

/** The target's reply to a first packet. */
function isAccepted({ content }: TcpPacket): boolean {
  return content.flags === 'SA';
}

/** Beyond the handshake, a segment that carries data or closes has to be acknowledged. */
function takesNumber({ content: { flags, segment } }: TcpPacket): boolean {
  return !flags.includes('S') && (flags.includes('F') || (segment?.dataBytes ?? 0) > 0);
}

type TcpPacket = Packet & { readonly content: Extract<Packet['content'], { kind: 'tcp' | 'udp' }> };

function isTcp(packet: Packet): packet is TcpPacket {
  return packet.content.kind === 'tcp';
}

/** What became of the first of these segments: the others repeat it, or follow it. */
function fateOf(segments: readonly TcpPacket[], others: readonly TcpPacket[]): DataFate {
  const sequence = segments[0]?.content.segment?.sequence;
  if (sequence === undefined) return 'unseen';
  const same = segments.filter(({ content }) => content.segment?.sequence === sequence);
  const isAnswer = ({ content: { flags, segment } }: TcpPacket) =>
    flags.includes('R') || (flags.includes('A') && segment !== undefined && isBeyond(segment.acknowledges, sequence));
  if (others.some(isAnswer)) return 'passes';
  return same.length >= UNACKNOWLEDGED ? 'lost' : 'unseen';
}

/** Sequence numbers go round at 2^32. */
function isBeyond(acknowledged: number, sequence: number): boolean {
  return acknowledged !== sequence && (acknowledged - sequence) >>> 0 < 2 ** 31;
}

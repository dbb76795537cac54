import type { Capture, Packet, PacketContent } from '../../evidence/facts.js';
import { contains, familyOf, sameAddress } from '../../ip.js';

/** Traffic of a container's own, with one machine over one service. */
export interface HeardFlow {
  readonly direction: 'inbound' | 'outbound';
  /** The container's address. */
  readonly own: string;
  readonly peer: string;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  /** The service's port; absent for ICMP. */
  readonly port: number | undefined;
}

/** A packet of one of them: which of its connections, and which way it goes. */
export interface HeardPacket {
  readonly flow: HeardFlow;
  /** The client's port, or the ICMP echo identifier. */
  readonly tag: number;
  readonly part: 'request' | 'reply' | 'refusal';
}

/** Whose traffic it is. */
export interface Listener {
  readonly addresses: readonly string[];
  /** Whether the container listens on a port. */
  readonly serves: (protocol: 'tcp' | 'udp', port: number) => boolean;
}

type Segment = Extract<PacketContent, { kind: 'tcp' | 'udp' }>;

/** Tells the packets of a container's flows apart. It remembers who began a connection, so packets come in the order they were seen. */
export class Conversations {
  readonly #listener: Listener;
  readonly #beganOutside = new Map<string, boolean>();

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  /** @returns `undefined` for what belongs to no flow: ARP, ICMP errors, multicast, and traffic of others */
  partOf({ content }: Pick<Packet, 'content'>): HeardPacket | undefined {
    if (!('source' in content) || content.kind === 'ip') return undefined;
    const fromOwn = this.#isOwn(content.source);
    if (fromOwn === this.#isOwn(content.destination)) return undefined;
    const [own, peer] = fromOwn ? [content.source, content.destination] : [content.destination, content.source];
    if (isGroup(peer)) return undefined;
    return content.kind === 'icmp'
      ? ofEcho(content, { own, peer, fromOwn })
      : this.#ofSegment(content, { own, peer, fromOwn });
  }

  #isOwn(address: string): boolean {
    return this.#listener.addresses.some((own) => sameAddress(own, address));
  }

  #ofSegment(segment: Segment, { own, peer, fromOwn }: Ends): HeardPacket {
    const { kind, sourcePort, destinationPort, flags } = segment;
    const [ownPort, peerPort] = fromOwn ? [sourcePort, destinationPort] : [destinationPort, sourcePort];
    const key = [kind, own, ownPort, peer, peerPort].join(' ');
    const outside = this.#beganOutside.get(key) ?? this.#beginsOutside(segment, ownPort, fromOwn);
    this.#beganOutside.set(key, outside);
    const [port, tag] = outside ? [ownPort, peerPort] : [peerPort, ownPort];
    const part = outside === !fromOwn ? 'request' : flags.includes('R') ? 'refusal' : 'reply';
    return { flow: { direction: outside ? 'inbound' : 'outbound', own, peer, protocol: kind, port }, tag, part };
  }

  /** The first packet that was seen of a connection may be any of it. */
  #beginsOutside({ kind, flags }: Segment, ownPort: number, fromOwn: boolean): boolean {
    if (flags.includes('S')) return flags.includes('A') ? fromOwn : !fromOwn;
    if (this.#listener.serves(kind, ownPort)) return true;
    return kind === 'udp' && !fromOwn;
  }
}

interface Ends extends Pick<HeardFlow, 'own' | 'peer'> {
  readonly fromOwn: boolean;
}

function ofEcho(
  { type, id }: Extract<PacketContent, { kind: 'icmp' }>,
  { own, peer, fromOwn }: Ends,
): HeardPacket | undefined {
  if (id === undefined || (type !== 'echo-request' && type !== 'echo-reply')) return undefined;
  const part = type === 'echo-request' ? 'request' : 'reply';
  const direction = fromOwn === (part === 'request') ? 'outbound' : 'inbound';
  return { flow: { direction, own, peer, protocol: 'icmp', port: undefined }, tag: id, part };
}

/** Multicast and broadcast have no peer. */
function isGroup(address: string): boolean {
  return familyOf(address) === 6
    ? contains('ff00::/8', address)
    : contains('224.0.0.0/3', address) || address.endsWith('.255');
}

/** How many packets of a connection one vantage point saw. */
export interface HeardAt {
  readonly node: string;
  readonly device: string;
  readonly requests: number;
  readonly replies: number;
  readonly refusals: number;
}

/** One connection, or one series of pings. */
export interface HeardConnection {
  readonly tag: number;
  /** In the order of the captures. */
  readonly at: readonly HeardAt[];
}

/** A flow with its connections. */
export interface HeardFlowSeen extends HeardFlow {
  readonly connections: readonly HeardConnection[];
}

export function flowKey({ direction, own, peer, protocol, port }: HeardFlow): string {
  return [direction, own, peer, protocol, port ?? ''].join(' ');
}

/** The flows in some captures, each with its connections and what each vantage point saw of them. */
export function heardFlows(captures: readonly Capture[], listener: Listener): readonly HeardFlowSeen[] {
  const conversations = new Conversations(listener);
  const flows = new Map<string, { readonly flow: HeardFlow; readonly tags: Map<number, Counts> }>();
  for (const [index, { packets }] of captures.entries()) {
    for (const packet of packets) {
      const heard = conversations.partOf(packet);
      if (!heard) continue;
      const key = flowKey(heard.flow);
      const known = flows.get(key) ?? { flow: heard.flow, tags: new Map<number, Counts>() };
      flows.set(key, known);
      const counts = known.tags.get(heard.tag) ?? captures.map(() => ({ request: 0, reply: 0, refusal: 0 }));
      known.tags.set(heard.tag, counts);
      const at = counts[index];
      if (at) at[heard.part]++;
    }
  }
  return [...flows.values()].map(({ flow, tags }) => ({
    ...flow,
    connections: [...tags].map(([tag, counts]) => ({
      tag,
      at: captures.map((capture, at) => seenAt(capture, counts[at])),
    })),
  }));
}

type Counts = Record<HeardPacket['part'], number>[];

function seenAt({ node, device }: Capture, counts: Counts[number] | undefined): HeardAt {
  const { request = 0, reply = 0, refusal = 0 } = counts ?? {};
  return { node, device, requests: request, replies: reply, refusals: refusal };
}

import { expect } from 'chai';
import type { ProbeResult } from '../../../src/evidence/evidence.js';
import type { Capture, Link, Packet, TcpSegment } from '../../../src/evidence/facts.js';
import { asCaptured, type CapturedLook } from '../../../src/probes/flows/seen-packets.js';

const [LAPTOP, HASS] = ['192.168.0.50', '192.168.30.100'];
const TAG = 20_000;

type Attempted = Extract<ProbeResult['outcome'], { kind: 'attempts' }>;
const probe = (over: ProbeResult['over'], outcome: Partial<Attempted> = {}): ProbeResult => ({
  ...{ id: 'laptop>hass', from: 'laptop', over, purpose: 'check', command: '', tag: TAG },
  to: { label: 'hass', node: 'hass', name: undefined, address: HASS },
  outcome: {
    ...{ kind: 'attempts', sent: 1, arrived: 1, roundTripMs: undefined, ttl: undefined },
    ...{ failure: undefined, said: [], answers: [], ...outcome },
  },
});

interface Part {
  readonly flags: string;
  readonly reply?: true;
  readonly segment?: Partial<TcpSegment>;
}

function tcp({ flags, reply, segment }: Part): Packet {
  const ends = { source: LAPTOP, destination: HASS, sourcePort: TAG, destinationPort: 8123 };
  const back = { source: HASS, destination: LAPTOP, sourcePort: 8123, destinationPort: TAG };
  return {
    ...{ atMs: 0, direction: reply ? 'in' : 'out', sourceMac: '', targetMac: '', vlan: undefined },
    content: {
      ...{ kind: 'tcp', ttl: 64, flags, ...(reply ? back : ends) },
      segment: { sequence: 0, acknowledges: 0, dataBytes: 0, ...segment },
    },
  };
}

const capture = (node: string, packets: readonly Packet[], control: Capture['control'] = 'seen'): Capture => ({
  ...{ node, device: 'eth0', control, packets, file: undefined },
});
const seen = (captures: readonly Capture[], link: Partial<Link> = {}): CapturedLook => ({
  captures,
  links: { hass: [{ name: 'eth0', addresses: [`${HASS}/24`], ...link } as Link] },
  targets: new Set(['hass', 'printer']),
  tags: new Set([TAG, TAG + 1]),
});
const failureOf = ({ outcome }: ProbeResult) => (outcome.kind === 'attempts' ? outcome.failure : outcome.kind);

const HANDSHAKE: readonly Part[] = [
  { flags: 'S', segment: { sequence: 99 } },
  { flags: 'SA', reply: true, segment: { sequence: 499, acknowledges: 100 } },
  { flags: 'A', segment: { sequence: 100, acknowledges: 500 } },
];
const CLOSING: Part = { flags: 'FA', segment: { sequence: 100, acknowledges: 500 } };
const tcpSeen = (...parts: readonly Part[]) =>
  failureOf(
    asCaptured(probe({ protocol: 'tcp', port: 8123 }), seen([capture('laptop', [...HANDSHAKE, ...parts].map(tcp))])),
  );

describe('a datagram to a group', () => {
  const GROUP = '224.0.0.251';
  const sent = probe({ protocol: 'multicast', group: GROUP, port: 5353 });
  const unanswered: ProbeResult = {
    ...sent,
    outcome: { ...sent.outcome, arrived: 0, failure: 'timeout' } as ProbeResult['outcome'],
  };
  const datagram = (direction: Packet['direction'], content: Partial<TcpContent> = {}): Packet => ({
    ...{ ...tcp({ flags: '' }), direction },
    content: {
      ...{ kind: 'udp', source: LAPTOP, destination: GROUP, sourcePort: TAG, destinationPort: 5353, flags: '', ttl: 1 },
      ...content,
    },
  });
  const arrivedAt = (one: ProbeResult, ...captures: readonly Capture[]) => {
    const { outcome } = asCaptured(one, seen(captures));
    return outcome.kind === 'attempts' ? [outcome.arrived, outcome.failure] : outcome.kind;
  };

  it('arrives where the target’s own capture sees it, also with the MAC address of the target’s own parent', () => {
    expect(arrivedAt(unanswered, capture('hass', [datagram('in')]))).to.deep.equal([1, undefined]);
    expect(arrivedAt(unanswered, capture('hass', [datagram('out')]))).to.deep.equal([1, undefined]);
  });

  it('does not arrive where only its sender saw it, or the target saw another', () => {
    expect(arrivedAt(unanswered, capture('laptop', [datagram('out')]))).to.deep.equal([0, 'timeout']);
    const others = [datagram('in', { sourcePort: TAG + 1 }), datagram('in', { destination: '239.255.255.250' })];
    expect(arrivedAt(unanswered, capture('hass', others))).to.deep.equal([0, 'timeout']);
  });

  it('does not arrive at a host that it leaves through the parent', () => {
    const toHost = { ...unanswered, to: { ...unanswered.to, node: 'host' } };
    expect(arrivedAt(toHost, capture('host', [datagram('out')]))).to.deep.equal([0, 'timeout']);
    expect(arrivedAt(toHost, capture('host', [datagram('in')]))).to.deep.equal([1, undefined]);
  });

  it('arrives where the target replies, whatever captures show', () => {
    expect(arrivedAt(sent, capture('hass', []))).to.deep.equal([1, undefined]);
  });
});

type TcpContent = Extract<Packet['content'], { kind: 'tcp' | 'udp' }>;

describe('a connection', () => {
  it('is not reachable where nothing acknowledges what follows the handshake', () => {
    expect(
      tcpSeen(CLOSING, CLOSING, { flags: 'SA', reply: true, segment: { sequence: 499, acknowledges: 100 } }, CLOSING),
    ).to.equal('no-data-after-handshake');
  });

  it('is not reachable where the target repeats its reply and gets no answer', () => {
    const packets = [HANDSHAKE[0], HANDSHAKE[1], HANDSHAKE[1], HANDSHAKE[1]].flatMap((part) => (part ? tcp(part) : []));
    const at = seen([capture('hass', packets)]);
    expect(failureOf(asCaptured(probe({ protocol: 'tcp', port: 8123 }), at))).to.equal('no-data-after-handshake');
  });

  it('is reachable where the close is acknowledged, reset, or was sent again by chance', () => {
    const acknowledged: Part = { flags: 'A', reply: true, segment: { acknowledges: 101 } };
    expect(tcpSeen(CLOSING, CLOSING, CLOSING, acknowledged)).to.equal(undefined);
    expect(tcpSeen(CLOSING, CLOSING, CLOSING, { flags: 'R', reply: true })).to.equal(undefined);
    expect(tcpSeen(CLOSING, CLOSING)).to.equal(undefined);
  });

  it('is reachable where a capture shows the acknowledgement that the tool waited for', () => {
    const late: Part = { flags: 'A', reply: true, segment: { acknowledges: 101 } };
    const waited = probe({ protocol: 'tcp', port: 8123 }, { arrived: 0, failure: 'no-data-after-handshake' });
    const at = (...parts: readonly Part[]) => seen([capture('laptop', [...HANDSHAKE, ...parts].map(tcp))]);
    expect(asCaptured(waited, at(CLOSING, late)).outcome).to.deep.include({ arrived: 1, failure: undefined });
    expect(failureOf(asCaptured(waited, at(CLOSING, CLOSING, CLOSING)))).to.equal('no-data-after-handshake');
    expect(failureOf(asCaptured(waited, seen([])))).to.equal('no-data-after-handshake');
  });

  it('has lost its data where an HTTP request is never acknowledged, and not where only the reply is missing', () => {
    const unanswered = probe({ protocol: 'http' }, { arrived: 0, failure: 'timeout' });
    const request: Part = { flags: 'PA', segment: { sequence: 100, acknowledges: 500, dataBytes: 40 } };
    const acknowledged: Part = { flags: 'A', reply: true, segment: { acknowledges: 140 } };
    const at = (...parts: readonly Part[]) => seen([capture('laptop', [...HANDSHAKE, ...parts].map(tcp))]);
    expect(failureOf(asCaptured(unanswered, at(request, request, request)))).to.equal('no-data-after-handshake');
    expect(failureOf(asCaptured(unanswered, at(request, acknowledged)))).to.equal('timeout');
  });

  it('that never came up is no connection without data', () => {
    const unanswered = probe({ protocol: 'tcp', port: 8123 }, { arrived: 0, failure: 'timeout' });
    const [first, second] = HANDSHAKE.map(tcp);
    const tries =
      first && second ? seen([capture('laptop', [first]), capture('hass', [first, second, second, second])]) : seen([]);
    expect(failureOf(asCaptured(unanswered, tries))).to.equal('timeout');
  });

  it('is what the tool says in captures that keep no sequence numbers', () => {
    const packets = [...HANDSHAKE, CLOSING, CLOSING, CLOSING].map(tcp).map((packet): Packet => ({
      ...packet,
      content: { ...packet.content, segment: undefined } as unknown as Packet['content'],
    }));
    const at = seen([capture('laptop', packets)]);
    expect(failureOf(asCaptured(probe({ protocol: 'tcp', port: 8123 }), at))).to.equal(undefined);
  });
});

describe('a reply', () => {
  const dns = probe({ protocol: 'dns' });
  const asked: Packet = {
    ...tcp({ flags: '' }),
    content: {
      ...{ kind: 'udp', source: LAPTOP, destination: HASS, sourcePort: TAG, destinationPort: 53, flags: '', ttl: 64 },
    },
  };

  it('is not the target’s where the target, which was captured, got no request', () => {
    const { outcome } = asCaptured(dns, seen([capture('hass', [])]));
    expect(outcome).to.deep.include({ arrived: 0, failure: 'other-machine' });
  });

  it('is the target’s where its own link saw the request, or was not seen awake', () => {
    for (const captures of [[capture('hass', [asked])], [capture('hass', [], 'none sent')], []])
      expect(failureOf(asCaptured(dns, seen(captures)))).to.equal(undefined);
  });

  it('is not the target’s where a machine of the site, which was captured, got no request', () => {
    const printer = { ...dns, to: { ...dns.to, node: 'printer' } };
    const looked = seen([capture('printer', [])]);
    const links = { printer: looked.links['hass'] ?? [] };
    expect(failureOf(asCaptured(printer, { ...looked, links }))).to.equal('other-machine');
    expect(failureOf(asCaptured(printer, { ...looked, links, targets: new Set(['hass']) }))).to.equal(undefined);
  });

  it('is taken for the target’s where a request came in from a port of no probe, which a router may have changed', () => {
    const at = (sourcePort: number) => ({ ...asked.content, sourcePort }) as Packet['content'];
    const from = (port: number): Packet => ({ ...asked, content: at(port) });
    expect(failureOf(asCaptured(dns, seen([capture('hass', [from(50_000)])])))).to.equal(undefined);
    expect(failureOf(asCaptured(dns, seen([capture('hass', [from(TAG + 1)])])))).to.equal('other-machine');
  });

  it('is taken for the target’s where a node asks itself, or its own resolver', () => {
    for (const own of [{ from: 'hass' }, { to: { ...dns.to, name: 'hass.lan' } }])
      expect(failureOf(asCaptured({ ...dns, ...own }, seen([capture('hass', [])])))).to.equal(undefined);
  });

  it('is taken for the target’s in L3S, where its link does not show what comes in', () => {
    expect(failureOf(asCaptured(dns, seen([capture('hass', [])], { mode: 'l3s' })))).to.equal(undefined);
  });
});

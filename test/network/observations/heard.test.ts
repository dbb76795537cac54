import { expect } from 'chai';
import type { Capture, Packet, PacketContent } from '../../../src/evidence/facts.js';
import { Conversations, heardFlows, type Listener } from '../../../src/network/observations/heard.js';
import { packet } from './captured.js';

const OWN = '192.168.0.100';
const PEER = '192.168.0.50';
const listener: Listener = { addresses: [OWN], serves: (protocol, port) => protocol === 'tcp' && port === 8112 };

type Ports = readonly [source: number, destination: number];

interface Ends {
  readonly kind: 'tcp' | 'udp';
  readonly source: string;
  readonly destination: string;
}

function segment(ends: Ends, [sourcePort, destinationPort]: Ports, flags = ''): Packet {
  return packet({ ...ends, sourcePort, destinationPort, flags, ttl: 64 });
}
const coming = (ports: Ports, flags: string) => segment({ kind: 'tcp', source: PEER, destination: OWN }, ports, flags);
const going = (ports: Ports, flags: string) => segment({ kind: 'tcp', source: OWN, destination: PEER }, ports, flags);
const echo = (type: 'echo-request' | 'echo-reply', source: string, destination: string): PacketContent => ({
  ...{ kind: 'icmp', source, destination, type, code: 0, id: 77, sequence: 1, ttl: 64 },
});
const told = (...packets: readonly Packet[]) => {
  const conversations = new Conversations(listener);
  return packets.map((one) => {
    const heard = conversations.partOf(one);
    return (
      heard && `${heard.flow.direction} ${heard.flow.protocol}/${heard.flow.port ?? ''} ${heard.part} ${heard.tag}`
    );
  });
};

describe("a container's own traffic", () => {
  it('is a request and its reply, inbound where the other machine begins', () => {
    expect(told(coming([50_000, 8112], 'S'), going([8112, 50_000], 'SA'), coming([50_000, 8112], 'A'))).to.deep.equal([
      'inbound tcp/8112 request 50000',
      'inbound tcp/8112 reply 50000',
      'inbound tcp/8112 request 50000',
    ]);
  });

  it('is inbound also where nothing listens, and a rejection is no reply', () => {
    expect(told(coming([50_000, 9000], 'S'), going([9000, 50_000], 'RA'))).to.deep.equal([
      'inbound tcp/9000 request 50000',
      'inbound tcp/9000 refusal 50000',
    ]);
  });

  it('is outbound where the container begins', () => {
    expect(told(going([40_000, 443], 'S'), coming([443, 40_000], 'SA'))).to.deep.equal([
      'outbound tcp/443 request 40000',
      'outbound tcp/443 reply 40000',
    ]);
  });

  it('of a connection that is older than the capture is told by who listens', () => {
    expect(told(going([8112, 50_000], 'PA'))).to.deep.equal(['inbound tcp/8112 reply 50000']);
    expect(told(going([40_000, 443], 'PA'))).to.deep.equal(['outbound tcp/443 request 40000']);
  });

  it('over UDP begins with its first packet', () => {
    expect(
      told(
        segment({ kind: 'udp', source: OWN, destination: PEER }, [40_000, 53]),
        segment({ kind: 'udp', source: PEER, destination: OWN }, [53, 40_000]),
      ),
    ).to.deep.equal(['outbound udp/53 request 40000', 'outbound udp/53 reply 40000']);
  });

  it('counts pings by their identifier', () => {
    expect(told(packet(echo('echo-request', PEER, OWN)), packet(echo('echo-reply', OWN, PEER)))).to.deep.equal([
      'inbound icmp/ request 77',
      'inbound icmp/ reply 77',
    ]);
  });

  it('leaves out ARP, multicast, and what others send each other', () => {
    const arp = packet({
      kind: 'arp',
      operation: 'request',
      sender: PEER,
      target: OWN,
      senderMac: '02:00:00:00:00:01',
    });
    expect(
      told(
        arp,
        segment({ kind: 'udp', source: OWN, destination: '224.0.0.251' }, [5353, 5353]),
        segment({ kind: 'tcp', source: PEER, destination: '192.168.0.9' }, [50_000, 80], 'S'),
      ),
    ).to.deep.equal([undefined, undefined, undefined]);
  });

  it('is counted for each connection at each vantage point', () => {
    const at = (node: string, device: string, packets: readonly Packet[]): Capture => ({
      ...{ node, device, control: 'seen', packets, file: undefined },
    });
    const wire = at('host', 'enp0s3', [
      coming([50_000, 8112], 'S'),
      coming([50_000, 8112], 'S'),
      coming([50_001, 8112], 'S'),
    ]);
    const inside = at('webapp', 'eth0', [coming([50_000, 8112], 'S')]);
    const [flow, ...more] = heardFlows([wire, inside], listener);
    expect(more).to.deep.equal([]);
    expect(
      flow?.connections.map(({ tag, at }) => [tag, ...at.map(({ requests, replies }) => [requests, replies])]),
    ).to.deep.equal([
      [50_000, [2, 0], [1, 0]],
      [50_001, [1, 0], [0, 0]],
    ]);
  });
});

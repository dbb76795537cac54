import { expect } from 'chai';
import fc from 'fast-check';
import { DoctorError } from '../../src/errors.js';
import { decodePcap } from '../../src/evidence/pcap.js';

const OWN = '020000000001';
const OTHER = '020000000002';

/** A capture file of frames given in hexadecimal, one millisecond apart. */
function pcap(frames: readonly string[], { big = false, linkType = 1 } = {}): Buffer {
  const word = (value: number) => {
    const bytes = Buffer.alloc(4);
    if (big) bytes.writeUInt32BE(value);
    else bytes.writeUInt32LE(value);
    return bytes;
  };
  const header = [0xa1b2c3d4, big ? 0x00020004 : 0x00040002, 0, 0, 256, linkType].map(word);
  const packets = frames.flatMap((frame, index) => {
    const bytes = Buffer.from(frame, 'hex');
    return [word(1_700_000_000), word(1000 * index), word(bytes.length), word(bytes.length), bytes];
  });
  return Buffer.concat([...header, ...packets]);
}

const decode = (frame: string) => decodePcap(pcap([frame]), new Set(['02:00:00:00:00:01']))[0];
const ip4 = (protocol: string, payload: string, fragment = '0000') =>
  `4500003c0000${fragment}3f${protocol}0000c0a80a0a08080808${payload}`;
const ECHO = '080000004e200003';
const ECHO6 = '800000004e200003';
const FD2 = 'fd000000000000000000000000000002';
const ip6 = (protocol: string, payload: string) =>
  `600000000018${protocol}fffd000000000000000000000000000001${FD2}${payload}`;

describe('a capture file', () => {
  it('tells what left the node from what came in, by its MAC addresses', () => {
    expect(decode(`${OTHER}${OWN}0800${ip4('01', ECHO)}`)?.direction).to.equal('out');
    expect(decode(`${OWN}${OTHER}0800${ip4('01', ECHO)}`)?.direction).to.equal('in');
  });

  const rows: readonly (readonly [string, string, object])[] = [
    [
      'an echo request',
      `0800${ip4('01', ECHO)}`,
      { kind: 'icmp', type: 'echo-request', id: 20000, sequence: 3, ttl: 63 },
    ],
    [
      'an ICMP error, with the echo it complains of',
      `0800${ip4('01', `0304000000000578${ip4('01', ECHO)}`)}`,
      { kind: 'icmp', type: 'unreachable', code: 4, id: 20000, sequence: 3 },
    ],
    [
      'TCP flags',
      `0800${ip4('06', '4e2001bb00000000000000005012ffff')}`,
      { kind: 'tcp', flags: 'SA', sourcePort: 20000 },
    ],
    ['UDP ports', `0800${ip4('11', '4e2000350008')}`, { kind: 'udp', destinationPort: 53, source: '192.168.10.10' }],
    ['a later fragment, which has no ports', `0800${ip4('11', '4e2000350008', '00b9')}`, { kind: 'ip', protocol: 17 }],
    ['a header cut short', `0800${ip4('06', '4e20')}`, { kind: 'ip', protocol: 6 }],
    [
      'an ARP request',
      '08060001080006040001020000000001c0a80002000000000000c0a80001',
      { kind: 'arp', operation: 'request', sender: '192.168.0.2', target: '192.168.0.1' },
    ],
    [
      'a neighbour solicitation',
      `86dd6000000000183afffd000000000000000000000000000001ff0200000000000000000001ff0000028700000000000000fd000000000000000000000000000002`,
      { kind: 'nd', operation: 'request', sender: 'fd00::1', target: 'fd00::2' },
    ],
    ['a frame of another kind', '88cc0207', { kind: 'other', etherType: 0x88cc }],
  ];
  for (const [title, frame, expected] of rows) {
    it(`decodes ${title}`, () => expect(decode(OTHER + OWN + frame)?.content).to.include(expected));
  }

  const quoting: readonly (readonly [string, string, object])[] = [
    [
      'an ICMP error: the ends of the packet it is about, and the MTU of the next link',
      `0800${ip4('01', `0304000000000578${ip4('11', '4e2000350008')}`)}`,
      {
        mtu: 1400,
        about: {
          ...{ source: '192.168.10.10', destination: '8.8.8.8', protocol: 17 },
          ...{ sourcePort: 20000, destinationPort: 53 },
        },
      },
    ],
    [
      'a redirect: the next hop it names',
      `0800${ip4('01', `05010000c0a80002${ip4('01', ECHO)}`)}`,
      { type: 'redirect', via: '192.168.0.2', id: 20000 },
    ],
    [
      'an error of IPv6: packet too big',
      `86dd${ip6('3a', `0200000000000514${ip6('06', '4e2001bb0000000000000000')}`)}`,
      { type: 'unreachable', mtu: 1300, about: { source: 'fd00::1', destination: 'fd00::2' } },
    ],
    [
      'a redirect of IPv6, which quotes the packet in an option',
      `86dd${ip6('3a', `8900000000000000fe800000000000000000000000000001${FD2}0405000000000000${ip6('3a', ECHO6)}`)}`,
      { type: 'redirect', via: 'fe80::1', id: 20000, about: { destination: 'fd00::2' } },
    ],
    [
      'a TCP segment, with as much data as its IP header says',
      `0800${ip4('06', '4e2001bb00000010000000205018ffff')}`,
      { kind: 'tcp', segment: { sequence: 16, acknowledges: 32, dataBytes: 20 } },
    ],
  ];
  for (const [title, frame, expected] of quoting) {
    it(`decodes ${title}`, () => expect(decode(OTHER + OWN + frame)?.content).to.containSubset(expected));
  }

  it('says no MTU where the router leaves it out, and nothing of a quote that is cut short', () => {
    const content = decode(`${OTHER}${OWN}0800${ip4('01', '0304000000000000450000')}`)?.content;
    expect(content).to.not.have.any.keys('mtu', 'about', 'via');
  });

  it('decodes a tagged frame, and its tag', () => {
    const packet = decode(`${OTHER}${OWN}8100001e0800${ip4('01', ECHO)}`);
    expect(packet?.vlan).to.equal(30);
    expect(packet?.content.kind).to.equal('icmp');
  });

  it('reads either byte order, and times from its first packet', () => {
    const frame = `${OTHER}${OWN}0800${ip4('01', ECHO)}`;
    for (const big of [false, true]) {
      expect(decodePcap(pcap([frame, frame], { big }), new Set()).map(({ atMs }) => atMs)).to.deep.equal([0, 1]);
    }
  });

  it('ends with its last whole packet when it was cut short', () => {
    const frame = `${OTHER}${OWN}0800${ip4('01', ECHO)}`;
    expect(decodePcap(pcap([frame, frame]).subarray(0, -3), new Set())).to.have.lengthOf(1);
  });

  it('is rejected when it does not contain Ethernet frames', () => {
    expect(() => decodePcap(pcap([], { linkType: 113 }), new Set())).to.throw(DoctorError, /not a pcap file/);
    expect(() => decodePcap(Buffer.from('GIF89a'), new Set())).to.throw(DoctorError, /not a pcap file/);
  });

  it('never breaks the decoder, with any frames', () => {
    const etherType = fc.constantFrom('0800', '86dd', '0806', '81000001', '');
    const bytes = fc.uint8Array({ maxLength: 80 }).map((array) => Buffer.from(array).toString('hex'));
    const header = fc.constantFrom(
      '',
      '45000000000000004001',
      '4f00000000000000ff06',
      '600000000000',
      '6000000000003a40',
    );
    fc.assert(
      fc.property(etherType, header, bytes, (type, start, rest) => {
        decodePcap(pcap([`${OTHER}${OWN}${type}${start}${rest}`]), new Set());
      }),
    );
  });
});

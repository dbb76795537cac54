import { expect } from 'chai';
import type { PacketContent } from '../../../src/evidence/facts.js';
import { icmpErrorsAbout } from '../../../src/network/observations/icmp-errors.js';
import { capturedAt, packet } from './captured.js';

const [WEBAPP, TARGET, ROUTER] = ['192.168.10.10', '8.8.8.8', '192.168.0.1'];
const FLOW = { tag: 20000, from: WEBAPP, to: TARGET };
type Icmp = Extract<PacketContent, { kind: 'icmp' }>;

function error(rest: Partial<Icmp>): PacketContent {
  return {
    ...{ kind: 'icmp', source: ROUTER, destination: WEBAPP, type: 'unreachable', code: 1, ttl: 64 },
    ...{ id: undefined, sequence: undefined, ...rest },
  };
}

const errorsIn = (content: PacketContent, flow = FLOW) =>
  icmpErrorsAbout(capturedAt('host', 'enp0s3', [packet(content)]), flow);

describe('ICMP errors about a flow', () => {
  const about = { source: WEBAPP, destination: TARGET, protocol: 17, sourcePort: 20000, destinationPort: 53 };

  it('are known by the echo they quote, also where an older version kept no more of it', () => {
    expect(errorsIn(error({ id: 20000, sequence: 1 }))).to.deep.equal([
      {
        ...{ node: 'host', device: 'enp0s3', direction: 'in', sender: ROUTER, senderMac: '02:00:00:00:00:01' },
        ...{ complaint: 'host-unreachable', part: 'request' },
      },
    ]);
  });

  it('are known by the port of the packet they quote, which says whether it is the request or the reply', () => {
    expect(errorsIn(error({ about }))[0]).to.deep.include({ part: 'request', about });
    const reply = { source: TARGET, destination: WEBAPP, protocol: 17, sourcePort: 53, destinationPort: 20000 };
    expect(errorsIn(error({ about: reply }))[0]).to.deep.include({ part: 'reply' });
  });

  it('are known by addresses where the probe has no tag', () => {
    expect(errorsIn(error({ about }), { ...FLOW, tag: undefined as unknown as number })).to.have.lengthOf(1);
  });

  it('are not those about other packets, nor echoes', () => {
    expect(errorsIn(error({ about: { ...about, sourcePort: 20001 } }))).to.deep.equal([]);
    expect(errorsIn(error({ id: 20001 }))).to.deep.equal([]);
    expect(errorsIn(error({ type: 'echo-reply', code: 0, id: 20000 }))).to.deep.equal([]);
  });

  it('count once for each sender and complaint, however many packets they are about', () => {
    const packets = [1, 2, 3].map((sequence) => packet(error({ id: 20000, sequence })));
    expect(icmpErrorsAbout(capturedAt('host', 'enp0s3', packets), FLOW)).to.have.lengthOf(1);
  });

  const complaints: readonly (readonly [string, Partial<Icmp>, object])[] = [
    ['no route', { code: 0 }, { complaint: 'no-route' }],
    ['a filter', { code: 13 }, { complaint: 'prohibited' }],
    ['a packet that is too big, with the MTU', { code: 4, mtu: 1400 }, { complaint: 'too-big', mtu: 1400 }],
    ['one that is too big, from a router that says no MTU', { code: 4 }, { complaint: 'too-big' }],
    ['a better next hop', { type: 'redirect', via: '192.168.0.2' }, { complaint: 'redirect', via: '192.168.0.2' }],
    ['a time to live that ran out', { type: 'time-exceeded', code: 0 }, { complaint: 'time-exceeded' }],
    ['an address that no machine has, in IPv6', { source: 'fe80::1', code: 3 }, { complaint: 'host-unreachable' }],
    ['a filter, in IPv6', { source: 'fe80::1', code: 1 }, { complaint: 'prohibited' }],
    ['an unknown code', { code: 99 }, { complaint: 'other' }],
  ];
  for (const [title, content, expected] of complaints)
    it(`tell of ${title}`, () => expect(errorsIn(error({ id: 20000, ...content }))[0]).to.deep.include(expected));
});

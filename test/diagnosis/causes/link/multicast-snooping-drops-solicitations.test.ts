import { expect } from 'chai';
import type { Packet } from '../../../../src/evidence/facts.js';
import { multicastSnoopingDropsSolicitations } from '../../../../src/diagnosis/causes/link/multicast-snooping-drops-solicitations.js';
import { CAUSES } from '../../../../src/diagnosis/causes/index.js';
import { diagnose } from '../../../../src/diagnosis/diagnose.js';
import {
  alsoAsked,
  arriving,
  asleep,
  change,
  describeCause,
  lost,
  recorded,
  withoutPackets,
  type Situation,
} from '../../situation.js';

const TAG = 29_999;
const ID = 'laptop>webapp/multicast';

const datagram = (destination: string): Packet => ({
  ...{ atMs: 1, direction: 'out', sourceMac: '', targetMac: '', vlan: undefined },
  content: {
    ...{ kind: 'udp', source: '192.168.0.50', destination, sourcePort: TAG, destinationPort: 1900, flags: '', ttl: 1 },
  },
});

/** A machine on the LAN sends to a group, and these nodes capture the datagram. */
const sending = (group: string, ...nodes: readonly string[]): Situation =>
  change(
    lost(
      alsoAsked(recorded('l2-healthy'), 'laptop>webapp/icmp', {
        ...{ id: ID, tag: TAG, over: { protocol: 'multicast', group, port: 1900 } },
      }),
      'timeout',
      ID,
    ),
    ({ captures }) => ({
      captures: captures.map((one) =>
        nodes.includes(one.node) ? { ...one, packets: [...one.packets, datagram(group)] } : one,
      ),
    }),
  );

const SSDP = '239.255.255.250';
const ADDRESS = '2001:db8:1::100';
const asksForIt = ({ content }: Packet) => content.kind === 'nd' && content.target === ADDRESS;
const unreached = lost(recorded('v6-l2-healthy'), 'timeout', `laptop>${ADDRESS}/icmp`);

describeCause(multicastSnoopingDropsSolicitations, {
  recognises: {
    'a datagram to a group that left the sender and did not arrive at the parent': sending(SSDP, 'laptop'),
    'a neighbour solicitation that did not arrive, while IPv4 does': withoutPackets(unreached, 'host', asksForIt),
  },
  leavesAlone: {
    'a datagram that came in at the parent': sending(SSDP, 'laptop', 'host'),
    'a datagram that never left its sender': sending(SSDP),
    'a group that every switch forwards': sending('224.0.0.251', 'laptop'),
    'a container to which nothing else arrives': lost(sending(SSDP, 'laptop'), 'timeout', '*'),
    'a solicitation that came in': unreached,
    'a parent whose capture was not awake': asleep(sending(SSDP, 'laptop'), 'host'),
    'a datagram that arrives': arriving(sending(SSDP, 'laptop'), ID),
    'L3, where the host is asked for': change(sending(SSDP, 'laptop'), ({ networks, links }) => ({
      networks: networks.map((one) => ({ ...one, mode: 'l3' })),
      links: { ...links, webapp: (links['webapp'] ?? []).map((link) => ({ ...link, mode: 'l3' })) },
    })),
  },
});

describe('multicast that a switch does not deliver', () => {
  it('is explained by no other cause, and put on no list', () => {
    const { found, inconclusive } = diagnose(sending(SSDP, 'laptop'), CAUSES);
    expect(found.map(({ cause }) => cause.id)).to.deep.equal(['multicast-snooping-drops-solicitations']);
    expect(inconclusive.filter(({ ruling }) => ruling.explains.includes(ID))).to.deep.equal([]);
  });
});

import { expect } from 'chai';
import type { Packet } from '../../../../src/evidence/facts.js';
import { multicastLeavesViaOtherNetwork } from '../../../../src/diagnosis/causes/container/multicast-leaves-via-other-network.js';
import { CAUSES } from '../../../../src/diagnosis/causes/index.js';
import { diagnose } from '../../../../src/diagnosis/diagnose.js';
import {
  alsoAsked,
  arriving,
  change,
  describeCause,
  lost,
  recorded,
  withoutRoutes,
  withRoute,
  type Situation,
} from '../../situation.js';

const ID = 'proxy>laptop/multicast/224.0.0.251:5353';
const TAG = 29_999;

const datagram: Packet = {
  ...{ atMs: 1, direction: 'out', sourceMac: '', targetMac: '01:00:5e:00:00:fb', vlan: undefined },
  content: {
    ...{ kind: 'udp', source: '172.30.0.10', destination: '224.0.0.251', sourcePort: TAG, destinationPort: 5353 },
    ...{ flags: '', ttl: 1 },
  },
};

/** A container on the LAN and on a bridge searches for a machine on the LAN. */
const searching = lost(
  alsoAsked(recorded('l2-default-by-other-network'), 'proxy>google.com/icmp', {
    id: ID,
    to: { label: 'laptop', node: 'laptop', name: undefined, address: '192.168.0.50' },
    over: { protocol: 'multicast', group: '224.0.0.251', port: 5353 },
    tag: TAG,
  }),
  'timeout',
  ID,
);
const linkWith = (address: string) =>
  (searching.facts.links?.['proxy'] ?? []).find(({ addresses }) => addresses.some((own) => own.startsWith(address)))
    ?.name ?? 'none';
const [lan, bridge] = [linkWith('192.168.0.100/'), linkWith('172.30.0.10/')];

/** As the container's own captures would have been: its datagram left through these links. */
const leaving = (situation: Situation, ...devices: readonly string[]): Situation =>
  change(situation, (was) => ({
    captures: [
      ...was.captures.filter(({ node }) => node !== 'proxy'),
      ...[lan, bridge].map((device) => ({
        ...{ node: 'proxy', device, control: 'seen' as const, file: undefined },
        packets: devices.includes(device) ? [datagram] : [],
      })),
    ],
  }));
/** The same search by IPv6, on a network and links that have it. */
const GROUP6 = 'ff02::fb';
const bySix = (situation: Situation): Situation => {
  const both = change(situation, ({ networks, containers, links }) => ({
    networks: networks.map((one) =>
      one.name === 'ipvlan_net'
        ? { ...one, subnets: [...one.subnets, { ...one.subnets[0]!, subnet: '2001:db8:1::/64' }] }
        : one,
    ),
    containers: containers.map((one) => ({
      ...one,
      attachments: one.attachments.map((each) =>
        one.name === 'proxy' && each.network === 'ipvlan_net'
          ? { ...each, addresses: [...each.addresses, '2001:db8:1::100'] }
          : each,
      ),
    })),
    links: {
      ...links,
      proxy: (links['proxy'] ?? []).map((link) =>
        link.name === lan ? { ...link, addresses: [...link.addresses, '2001:db8:1::100/64'] } : link,
      ),
    },
  }));
  const over = { protocol: 'multicast', group: GROUP6, port: 5353 } as const;
  return {
    ...both,
    probes: both.probes.map((probe) =>
      probe.id === ID ? { ...probe, over, to: { ...probe.to, address: '2001:db8:1::50' } } : probe,
    ),
  };
};
const groups = (...devices: readonly string[]): Situation =>
  devices.reduceRight(
    (all, device) =>
      withRoute(all, 'proxy', { destination: 'ff00::/8', type: 'multicast', table: 'local', metric: 256, device }),
    bySix(uncaptured),
  );
const uncaptured = change(searching, (was) => ({ captures: was.captures.filter(({ node }) => node !== 'proxy') }));
const toTheLan = { destination: '224.0.0.0/4', device: lan };

describeCause(multicastLeavesViaOtherNetwork, {
  recognises: {
    'a datagram that left through the bridge': leaving(searching, bridge),
    'one that was not captured, by the default route': uncaptured,
    'an IPv6 datagram, by the first of the routes that the kernel has for groups': groups(bridge, lan),
    'a broadcast, which follows the same route': {
      ...uncaptured,
      probes: uncaptured.probes.map((probe) =>
        probe.id === ID ? { ...probe, over: { protocol: 'broadcast', port: 5353 } } : probe,
      ),
    },
  },
  leavesAlone: {
    'a datagram that left through the link of the LAN and did not arrive': leaving(searching, lan),
    'a route of its own to the groups': withRoute(uncaptured, 'proxy', toTheLan),
    'an IPv6 datagram for which the link of the LAN comes first': groups(lan, bridge),
    'a container without a route to the group': withoutRoutes(
      uncaptured,
      'proxy',
      ({ destination }) => destination === '0.0.0.0/0',
    ),
    'L3, which carries no multicast on either': change(leaving(searching, bridge), ({ networks, links }) => ({
      networks: networks.map((one) => (one.name === 'ipvlan_net' ? { ...one, mode: 'l3' } : one)),
      links: {
        ...links,
        proxy: (links['proxy'] ?? []).map((link) => (link.name === lan ? { ...link, mode: 'l3' } : link)),
      },
    })),
    'a target beyond a router': {
      ...uncaptured,
      probes: uncaptured.probes.map((probe) =>
        probe.id === ID ? { ...probe, to: { ...probe.to, address: '8.8.8.8' } } : probe,
      ),
    },
    'a container on one network': change(leaving(searching, bridge), ({ containers }) => ({
      containers: containers.map((one) => ({ ...one, attachments: one.attachments.slice(0, 1) })),
    })),
    'a datagram that arrives': arriving(leaving(searching, bridge), ID),
    'unicast that is lost': lost(recorded('l2-default-by-other-network'), 'timeout', 'proxy>*'),
  },
});

describe('a multicast datagram that leaves through another network', () => {
  const fixOf = (situation: Situation) =>
    diagnose(situation, [multicastLeavesViaOtherNetwork]).found[0]?.remedies[0]?.changes ?? [];

  it('is certain where it was captured, and likely where routes alone tell', () => {
    const confidence = (situation: Situation) =>
      diagnose(situation, [multicastLeavesViaOtherNetwork]).found[0]?.ruling.confidence;
    expect([leaving(searching, bridge), uncaptured].map(confidence)).to.deep.equal(['certain', 'likely']);
  });

  it('is explained by no other cause', () => {
    const { found } = diagnose(leaving(arriving(searching, 'branch>*'), bridge), CAUSES);
    const lostOne = found.filter(({ ruling }) => ruling.explains.includes(ID));
    expect(lostOne.map(({ cause }) => cause.id)).to.deep.equal(['multicast-leaves-via-other-network']);
  });

  it('gets a route to all IPv4 groups, or to the one IPv6 group where the kernel looks for it', () => {
    expect(fixOf(leaving(searching, bridge))).to.deep.include({
      ...{ kind: 'route', on: 'proxy', do: 'replace' },
      route: { destination: '224.0.0.0/4', family: 4, device: lan },
    });
    expect(fixOf(groups(bridge, lan))).to.deep.include({
      ...{ kind: 'route', on: 'proxy', do: 'replace' },
      route: { destination: 'ff02::fb/128', family: 6, device: lan, table: 'local' },
    });
  });
});

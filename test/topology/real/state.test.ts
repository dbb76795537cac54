import { expect } from 'chai';
import { stateDifferences } from '../../../src/topology/state-lines.js';
import { readState, type Readable } from '../../../src/topology/state.js';
import { withNamespaces, type Namespaces } from '../../probes/real/namespaces.js';

/** What commands may leave behind, with what undoes it where that is not the whole. */
const LEFT: Readonly<Record<string, readonly [leave: string, undo: string]>> = {
  'a rule of nftables': [
    'nft add table ip t; nft add chain ip t c "{ type filter hook output priority 0; }"; nft add rule ip t c ip daddr 9.9.9.9 drop',
    'nft delete table ip t',
  ],
  'a policy rule': ['ip rule add pref 5270 lookup 52', 'ip rule del pref 5270'],
  'a policy rule of IPv6': ['ip -6 rule add pref 5270 lookup 52', 'ip -6 rule del pref 5270'],
  'a route in a table of its own': [
    'ip route add blackhole default table 52',
    'ip route del blackhole default table 52',
  ],
  'a route of IPv6': ['ip -6 route add blackhole 2001:db8:9::/64', 'ip -6 route del blackhole 2001:db8:9::/64'],
  'an address': ['ip address add 10.77.0.1/24 dev lo', 'ip address del 10.77.0.1/24 dev lo'],
  'a link': ['ip link add left0 type veth peer name left1', 'ip link del left0'],
  'a link that is down': ['ip link set lo down', 'ip link set lo up'],
  'a permanent neighbour': [
    'ip neigh add 10.9.0.88 lladdr 02:00:00:00:00:01 dev eth0',
    'ip neigh del 10.9.0.88 dev eth0',
  ],
  'a setting': ['sysctl -q -w net.ipv4.conf.eth0.rp_filter=2', 'sysctl -q -w net.ipv4.conf.eth0.rp_filter=0'],
};

describe('the state of nodes', () => {
  let net: Namespaces;
  let nodes: readonly Readable[];

  withNamespaces(async (made) => {
    net = made;
    nodes = net.nodes;
    await net.expect('sysctl -q -w net.ipv4.conf.eth0.rp_filter=0');
  });

  for (const [what, [leave, undo]] of Object.entries(LEFT)) {
    it(`tells ${what} that commands left, and nothing once it was undone`, async () => {
      const before = await readState(net, nodes);
      await net.expect(leave);
      const left = stateDifferences(before, await readState(net, nodes));
      await net.expect(undo);
      expect(left.map(({ node }) => node)).to.deep.equal(['host']);
      expect(stateDifferences(before, await readState(net, nodes))).to.deep.equal([]);
    });
  }

  it('is each node’s own', async () => {
    const before = await readState(net, nodes);
    await net.expect('ip netns exec lan ip rule add pref 77 lookup 52');
    const left = stateDifferences(before, await readState(net, nodes));
    expect(left).to.deep.equal([{ node: 'lan', added: ['77: from all lookup 52 proto unspec'], removed: [] }]);
  });
});

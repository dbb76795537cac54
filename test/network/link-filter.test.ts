import { expect } from 'chai';
import { dropping, hostFilteredToo, siblingFiltered, unanswered } from '../diagnosis/filtered-link.js';
import { recreated } from '../diagnosis/readdress.js';
import { change, lost, recorded, withFirewall, withoutPackets, type Situation } from '../diagnosis/situation.js';
import { endOf, nodesOf } from '../path/path-ends.js';

/** As if a rule on a node's own link took what comes in there for one of our own subnets. */
function closed(situation: Situation, node: string, device: string): Situation {
  const chain = { family: 'netdev', table: 'guard', chain: 'wire' } as const;
  return withFirewall(situation, node, {
    chains: [{ ...chain, hook: 'ingress', devices: [device] }],
    rules: [{ ...chain, text: 'ip saddr 192.168.0.0/24 drop', verdict: 'drop' }],
  });
}

describe('a filter on a link itself', () => {
  it('drops what comes in for the host, as it does what is for containers', () => {
    const filtered = hostFilteredToo();
    expect(endOf(filtered, 'host>google.com/icmp')).to.deep.equal(['return', 'parent', 'host', 'agree']);
    expect(endOf(filtered, 'host>gateway/icmp')).to.deep.equal(['return', 'parent', 'host', 'agree']);
    expect(endOf(filtered, 'webapp>google.com/icmp')).to.deep.equal(['return', 'parent', 'host', 'agree']);
  });

  it('drops what comes in for the host to forward, before its destination is changed back', () => {
    const healthy = lost(recorded('bridge-healthy'), 'timeout', 'webapp>google.com/icmp', 'webapp>gateway/icmp');
    const cut = withoutPackets(healthy, 'webapp', ({ direction }) => direction === 'in');
    const filtered = change(cut, () => ({ linkFilters: { host: [dropping('192.168.0.2', 'c0a80002/ffffffff')] } }));
    expect(endOf(filtered, 'webapp>google.com/icmp')).to.deep.equal(['return', 'parent', 'host', 'agree']);
  });

  it('drops requests to a gateway or a peer', () => {
    const failing = unanswered(recorded('l2-healthy'), 'webapp>gateway/icmp', 'webapp>laptop/icmp');
    const end = (node: string, device: string) => endOf(closed(failing, node, device), `webapp>${node}/icmp`);
    expect(end('gateway', 'lan0')).to.deep.equal(['forward', 'target', 'gateway', 'agree']);
    expect(end('laptop', 'eth0')).to.deep.equal(['forward', 'target', 'laptop', 'agree']);
  });

  it('drops what a gateway is to forward', () => {
    const failing = unanswered(recorded('l2-healthy'), 'webapp>google.com/icmp');
    const cut = change(failing, ({ captures }) => ({
      captures: captures.map((one) => (one.device === 'wan0' ? { ...one, packets: [] } : one)),
    }));
    const filtered = closed(cut, 'gateway', 'lan0');
    expect(endOf(filtered, 'webapp>google.com/icmp')).to.deep.equal(['forward', 'gateway', 'gateway', 'agree']);
  });
});

describe('the path between two containers on one parent', () => {
  const ID = 'webapp>database/icmp';

  it('passes the parent and its filters on macvlan', () => {
    const filtered = siblingFiltered();
    expect(nodesOf(filtered, ID)).to.deep.equal(['webapp', 'host', 'database']);
    expect(endOf(filtered, ID)).to.deep.equal(['forward', 'parent', 'host', 'agree']);
    expect(endOf(filtered, 'webapp>database/tcp/3306')).to.deep.equal(['forward', 'parent', 'host', 'agree']);
    expect(endOf(filtered, 'database>webapp/icmp')).to.deep.equal(['return', 'parent', 'host', 'agree']);
  });

  it('bypasses the parent and its filters on IPvlan', () => {
    const filtered = change(recorded('l2-healthy'), () => ({
      linkFilters: { host: [dropping('192.168.0.0/24', 'c0a80000/ffffff00')] },
    }));
    expect(nodesOf(filtered, ID)).to.deep.equal(['webapp', 'database']);
    expect(endOf(filtered, ID)).to.deep.equal([undefined, undefined, undefined, 'agree']);
  });

  it('leads nowhere in a mode of macvlan that keeps them apart', () => {
    const apart = recreated(siblingFiltered(), { mode: 'private' });
    expect(nodesOf(apart, ID)).to.deep.equal(['webapp', 'database']);
  });
});

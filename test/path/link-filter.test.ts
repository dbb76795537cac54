import { expect } from 'chai';
import { pathsOf } from '../../src/path/trace.js';
import { dropping, hostFilteredToo, unanswered } from '../diagnosis/filtered-link.js';
import { change, lost, recorded, withFirewall, withoutPackets, type Situation } from '../diagnosis/situation.js';

/** Where a way ends, and what model and measurement make of it. */
function endOf(situation: Situation, id: string): readonly unknown[] {
  const path = pathsOf(situation).find((one) => one.id === id);
  return [path?.end?.direction, path?.end?.hop, path?.end?.node, path?.agreement];
}

/** As if a rule on a node's own link took what comes in there for one of our own subnets. */
function closed(situation: Situation, node: string, device: string): Situation {
  const chain = { family: 'netdev', table: 'guard', chain: 'wire' } as const;
  return withFirewall(situation, node, {
    chains: [{ ...chain, hook: 'ingress', devices: [device] }],
    rules: [{ ...chain, text: 'ip saddr 192.168.0.0/24 drop', verdict: 'drop' }],
  });
}

describe('a filter on a link itself', () => {
  it('takes what comes in for the host, as it does what is for containers', () => {
    const filtered = hostFilteredToo();
    expect(endOf(filtered, 'host>google.com/icmp')).to.deep.equal(['back', 'parent', 'host', 'agree']);
    expect(endOf(filtered, 'host>gateway/icmp')).to.deep.equal(['back', 'parent', 'host', 'agree']);
    expect(endOf(filtered, 'webapp>google.com/icmp')).to.deep.equal(['back', 'parent', 'host', 'agree']);
  });

  it('takes what comes in for the host to pass on, before its destination is changed back', () => {
    const healthy = lost(recorded('bridge-healthy'), 'timeout', 'webapp>google.com/icmp', 'webapp>gateway/icmp');
    const cut = withoutPackets(healthy, 'webapp', ({ direction }) => direction === 'in');
    const filtered = change(cut, () => ({ linkFilters: { host: [dropping('192.168.0.2', 'c0a80002/ffffffff')] } }));
    expect(endOf(filtered, 'webapp>google.com/icmp')).to.deep.equal(['back', 'parent', 'host', 'agree']);
  });

  it('takes what a gateway or a peer is asked', () => {
    const silent = unanswered(recorded('l2-healthy'), 'webapp>gateway/icmp', 'webapp>laptop/icmp');
    const end = (node: string, device: string) => endOf(closed(silent, node, device), `webapp>${node}/icmp`);
    expect(end('gateway', 'lan0')).to.deep.equal(['there', 'target', 'gateway', 'agree']);
    expect(end('laptop', 'eth0')).to.deep.equal(['there', 'target', 'laptop', 'agree']);
  });

  it('takes what a gateway is to pass on', () => {
    const silent = unanswered(recorded('l2-healthy'), 'webapp>google.com/icmp');
    const cut = change(silent, ({ captures }) => ({
      captures: captures.map((one) => (one.device === 'wan0' ? { ...one, packets: [] } : one)),
    }));
    const filtered = closed(cut, 'gateway', 'lan0');
    expect(endOf(filtered, 'webapp>google.com/icmp')).to.deep.equal(['there', 'gateway', 'gateway', 'agree']);
  });
});

import { expect } from 'chai';
import { diagnose } from '../../../src/diagnosis/diagnose.js';
import type { Evidence } from '../../../src/evidence/evidence.js';
import type { Packet } from '../../../src/evidence/facts.js';
import { heardFlows } from '../../../src/network/observations/heard.js';
import { heardProbe } from '../../../src/workflows/attach/heard-probes.js';
import { rediagnosed } from '../../../src/workflows/bundle/rediagnose.js';
import { change, recorded, withFirewall } from '../../diagnosis/situation.js';

describe('the diagnosis of what was heard', () => {
  const healthy = recorded('macvlan-healthy');
  const listener = { addresses: ['192.168.0.100'], serves: () => true };

  /** As if a LAN client had tried twice without a reply: its packets are at the parent, and as far as `inside` at the container. */
  function heard(situation: Evidence, inside: boolean): Evidence {
    const packet = (direction: Packet['direction']): Packet => ({
      ...{ atMs: 0, direction, sourceMac: '02:00:00:00:00:50', targetMac: '02:00:00:00:00:01', vlan: undefined },
      content: {
        ...{ kind: 'tcp', source: '192.168.0.50', destination: '192.168.0.100', flags: 'S', ttl: 64 },
        ...{ sourcePort: 50_000, destinationPort: 8112 },
      },
    });
    const changed = change(situation, (was) => ({
      sockets: { ...was.sockets, webapp: [{ protocol: 'tcp', address: '0.0.0.0', port: 8112 }] },
      captures: was.captures
        .filter(({ node }) => node === 'host' || node === 'webapp')
        .map((one) => ({
          ...one,
          control: 'seen',
          packets: one.node === 'host' || inside ? [packet('in'), packet('in')] : [],
        })),
    }));
    const [seen] = heardFlows(changed.facts.captures ?? [], listener);
    const { nodes = [], containers = [] } = changed.facts;
    const container = containers.find(({ name }) => name === 'webapp');
    const probe = seen && container && heardProbe(seen, { container, nodes, live: new Set(['webapp', 'host']) });
    if (!probe) throw new Error('nothing was heard');
    return { ...changed, probes: [probe] };
  }

  it('names the rule in the container that drops it, as certain', () => {
    const dropped = withFirewall(healthy, 'webapp', {
      chains: [{ chain: 'INPUT', hook: 'input' }],
      rules: [{ chain: 'INPUT', text: 'tcp dport 8112 counter drop', verdict: 'drop' }],
    });
    const evidence = heard(dropped, true);
    const [found, ...more] = diagnose(evidence).found;
    expect(more).to.deep.equal([]);
    expect([found?.cause.id, found?.ruling.confidence]).to.deep.equal([
      'container-local-firewall-or-routes',
      'certain',
    ]);
    expect(found?.explanation).to.match(/^192\.168\.0\.50 cannot reach webapp \(192\.168\.0\.100\)/);
    const [path] = rediagnosed({ id: 'webapp', evidence, was: undefined }).paths;
    expect(path?.end).to.deep.include({ direction: 'forward', hop: 'container-firewall', node: 'webapp' });
  });

  it('names a filter on the parent where the request never reached the container', () => {
    const filtered = change(healthy, (was) => ({
      linkFilters: {
        ...was.linkFilters,
        host: [
          {
            ...{ device: 'enp0s3', way: 'ingress', kind: 'tc', priority: 1, action: 'drop' },
            ...{
              source: undefined,
              destination: '192.168.0.100',
              text: 'flower dst_ip 192.168.0.100 action drop',
              packets: 0,
            },
          },
        ],
      },
    }));
    expect(diagnose(heard(filtered, false)).found.map(({ cause }) => cause.id)).to.deep.equal([
      'parent-tc-xdp-or-netdev-filter',
    ]);
  });
});

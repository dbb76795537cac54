import { expect } from 'chai';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import { knownFrom, pathOf } from '../../src/path/trace.js';
import {
  alsoAsked,
  change,
  lost,
  recorded,
  withFirewall,
  withoutRoutes,
  withRoute,
  type Situation,
} from '../diagnosis/situation.js';

const ASKED = 'laptop>8.8.8.8/icmp';

/** A machine of the LAN that has a macvlan container as its router, whose filter passes nothing on. Nothing was captured. */
function routedByContainer(policy: 'drop' | 'accept'): Situation {
  const to = { label: '8.8.8.8', node: 'internet', name: undefined, address: '8.8.8.8' };
  const asked = alsoAsked(recorded('macvlan-healthy'), 'laptop>webapp/icmp', { id: ASKED, from: 'laptop', to });
  const led = withRoute(
    withoutRoutes(lost(asked, 'timeout', ASKED), 'laptop', ({ destination }) => destination === '0.0.0.0/0'),
    'laptop',
    { destination: '0.0.0.0/0', via: '192.168.0.100', device: 'eth0' },
  );
  const filtered = withFirewall(led, 'webapp', {
    chains: [{ chain: 'FORWARD', hook: 'forward', policy, backend: 'iptables-nft', table: 'filter' }],
  });
  return change(filtered, ({ sysctls }) => ({
    captures: [],
    sysctls: { ...sysctls, webapp: { ...sysctls['webapp'], 'net.ipv4.ip_forward': '1' } },
  }));
}

describe('a packet that a container routes', () => {
  it('never crosses the FORWARD hook of the host', () => {
    const { facts, probes } = routedByContainer('drop');
    const probe = probes.find(({ id }) => id === ASKED);
    if (!probe) throw new Error('not asked');
    const { forward, end } = pathOf(knownFrom(facts), probe);
    expect(forward.map(({ hop }) => hop)).to.not.include('host-forward');
    expect(end).to.deep.include({ hop: 'container-firewall', node: 'webapp' });
  });

  it('is dropped by the container that routes it, which is named with its policy', () => {
    const { found } = diagnose(routedByContainer('drop'));
    expect(found.map(({ cause }) => cause.id)).to.deep.equal(['container-router-drops-forwarded']);
    expect(found[0]?.explanation).to.match(/container webapp, .* the policy drop of iptables-nft.*chain FORWARD/);
    expect(found[0]?.ruling.explains).to.deep.equal([ASKED]);
  });

  it('passes a container whose filter passes it on', () => {
    const { found } = diagnose(routedByContainer('accept'));
    expect(found.map(({ cause }) => cause.id)).to.not.include('container-router-drops-forwarded');
  });
});

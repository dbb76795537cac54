import { expect } from 'chai';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import { alsoAsked, recorded, withFirewall, withLink } from './situation.js';
import { shimBehindVpnRule } from './vpn-rule.js';

const foundIn = (situation: Parameters<typeof diagnose>[0]) => diagnose(situation).found.map(({ cause }) => cause.id);

describe('what passing checks contradict', () => {
  it('is no parent that is down while checks pass through it', () => {
    const busy = recorded('l3-service-on-loopback');
    const down = withLink(busy, 'host', { name: 'enp0s3', adminUp: true, carrier: false, operState: 'DOWN' });
    expect(diagnose(down).flows.some(({ arrival, peer }) => arrival === 'all' && peer === 'internet')).to.equal(true);
    expect(foundIn(down)).to.not.include('parent-down-or-no-carrier');
    const told = diagnose(down).ruledOut.find(({ cause }) => cause.id === 'parent-down-or-no-carrier');
    expect(told?.ruling.because).to.match(/enp0s3 carries packets/);
  });

  it('is a place that only a lookup seems to pass: a resolver asks elsewhere for the container', () => {
    const wrong = recorded('l2-wrong-gateway');
    const resolved = alsoAsked(wrong, 'host>google.com/icmp', {
      id: 'webapp>google.com/dns',
      from: 'webapp',
      over: { protocol: 'dns' },
      tag: undefined,
    });
    const certain = [{ id: 'wrong-gateway-address', confidence: 'certain' }];
    for (const situation of [wrong, resolved]) {
      const { found } = diagnose(situation);
      expect(found.map(({ cause: { id }, ruling: { confidence } }) => ({ id, confidence }))).to.deep.equal(certain);
    }
  });

  it('is no filter of a container that others pass by the same rule', () => {
    const open = recorded('l3-container-kill-switch');
    const closed = withFirewall(open, 'webapp', {
      chains: [{ chain: 'output', hook: 'output', policy: 'drop' }],
    });
    // webapp reaches its LAN and its sibling, which that policy would drop as well.
    expect(diagnose(closed).flows.some(({ from, arrival }) => from.label === 'webapp' && arrival === 'all')).to.equal(
      true,
    );
    expect(foundIn(open)).to.include('container-local-firewall-or-routes');
    expect(foundIn(closed)).to.not.include('container-local-firewall-or-routes');
  });
});

describe('a policy rule that overtakes a shim', () => {
  const situation = shimBehindVpnRule();

  it('is found alone, with its priority and table', () => {
    const { found } = diagnose(situation);
    expect(found.map(({ cause }) => cause.id)).to.deep.equal(['policy-rule-before-main']);
    expect(found[0]?.explanation).to.match(/policy rule 5270 .* table 52 .* office0/);
    expect(found[0]?.ruling.explains).to.include.members(['host>webapp/icmp', 'laptop>host/icmp']);
  });

  it('is overtaken in its turn, by a rule that looks for the LAN in the main table', () => {
    const [remedy] = diagnose(situation).found[0]?.remedies ?? [];
    expect(remedy?.commands.map(({ run }) => run)).to.deep.equal([
      'ip rule add to 192.168.0.0/24 priority 2500 lookup main',
    ]);
  });
});

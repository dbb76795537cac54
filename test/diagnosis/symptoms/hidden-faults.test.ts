import { expect } from 'chai';
import type { FirewallRule } from '../../../src/evidence/facts.js';
import { diagnose } from '../../../src/diagnosis/diagnose.js';
import { change, recorded, withLink, withoutPackets, type Situation } from '../situation.js';

const idsOf = (situation: Situation) => diagnose(situation).found.map(({ cause }) => cause.id);

/** As if a node's packet filter had one chain more, with one rule in it. */
function withRule(situation: Situation, node: string, [hook, text]: readonly [string, string]): Situation {
  const place = { backend: 'nftables', family: 'ip', table: 'office', chain: hook } as const;
  const chain = { ...place, hook, priority: 0, type: 'filter', policy: 'accept', policyPackets: undefined };
  const rule: FirewallRule = { ...place, handle: 7, text, verdict: 'drop', packets: 0 };
  return change(situation, ({ firewall }) => {
    const was = firewall[node] ?? { readable: ['nftables'], chains: [], rules: [] };
    return {
      firewall: { ...firewall, [node]: { ...was, chains: [...was.chains, chain], rules: [...was.rules, rule] } },
    };
  });
}

/** As if a filter inside a container let nothing out to the internet, of what the host would turn down as new anyway. */
const stoppedInside = change(
  withoutPackets(
    withRule(recorded('l3-output-drop-new-only'), 'webapp', ['output', 'ip daddr != 192.168.0.0/16 counter drop']),
    'webapp',
    ({ content }) => 'destination' in content && !content.destination.startsWith('192.168.'),
  ),
  ({ traces }) => ({
    traces: { host: (traces['host'] ?? []).filter(({ destination }) => destination.startsWith('192.168.')) },
  }),
);

const cableOut = recorded('l3-cable-out');
const noWayBack = recorded('l3s-host-masquerades');

describe('a rule that would also drop packets that are lost before', () => {
  for (const [title, situation, causes] of [
    [
      'a rule in OUTPUT, with a parent that is down',
      withLink(recorded('l3-host-output-drop'), 'host', { name: 'enp0s3', adminUp: false, operState: 'DOWN' }),
      ['parent-down-or-no-carrier', 'host-output-firewall-drop'],
    ],
    [
      'a rule on the router, with a cable that is out',
      withRule(cableOut, 'gateway', ['forward', 'ip saddr 192.168.10.0/23 counter drop']),
      ['parent-down-or-no-carrier', 'gateway-acl-drops-container-subnet'],
    ],
    [
      'a rule in INPUT, with a router without a return route to L3S',
      withRule(noWayBack, 'host', ['input', 'ip daddr 192.168.0.0/16 counter drop']),
      ['gateway-missing-return-route', 'l3s-host-input-firewall-drop'],
    ],
  ] as const) {
    it(`is named too, after what stops them now: ${title}`, () => expect(idsOf(situation)).to.deep.equal(causes));
  }

  it('has one cause only, where other packets do reach it', () => {
    expect(idsOf(stoppedInside)).to.have.members(['container-local-firewall-or-routes', 'host-output-drop-new-only']);
  });

  it('is not named for rules about others', () => {
    expect(idsOf(withRule(cableOut, 'gateway', ['forward', 'ip saddr 172.16.0.0/12 counter drop']))).to.deep.equal([
      'parent-down-or-no-carrier',
    ]);
    expect(idsOf(withRule(noWayBack, 'host', ['input', 'ip daddr 172.16.0.0/12 counter drop']))).to.deep.equal([
      'gateway-missing-return-route',
    ]);
  });

  it('is not named for rules that cannot be read for sure', () => {
    expect(idsOf(withRule(cableOut, 'gateway', ['forward', 'meta mark 0x7 counter drop']))).to.deep.equal([
      'parent-down-or-no-carrier',
    ]);
  });
});

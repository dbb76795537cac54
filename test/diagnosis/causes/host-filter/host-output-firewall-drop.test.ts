import { expect } from 'chai';
import { hostOutputFirewallDrop } from '../../../../src/diagnosis/causes/host-filter/host-output-firewall-drop.js';
import { diagnose } from '../../../../src/diagnosis/diagnose.js';
import { arriving, change, describeCause, recorded, unseen, withFirewall, withLink } from '../../situation.js';

const hardened = recorded('l3-host-output-drop');
const output = { chain: 'output', hook: 'output' };
const quiet = change(hardened, ({ counters }) => ({
  counters: Object.fromEntries(Object.entries(counters).map(([node, one]) => [node, { ...one, txDropped: {} }])),
}));

describeCause(hostOutputFirewallDrop, {
  recognises: {
    'a rule that drops the container subnets': hardened,
    'a policy drop, without a rule that accepts': withFirewall(hardened, 'host', {
      chains: [{ ...output, policy: 'drop', backend: 'iptables-legacy', policyPackets: 200 }],
    }),
    'a rule without a counter': withFirewall(hardened, 'host', {
      chains: [output],
      rules: [{ chain: 'output', text: 'ip saddr 192.168.10.0/24 drop', verdict: 'drop' }],
    }),
  },
  leavesAlone: {
    'a drop in FORWARD, which L3 packets do not traverse': recorded('article-first-attempt'),
    'a filter that drops only packets to the internet, which is a kill-switch': recorded('comment-host-kill-switch'),
    'containers that arrive': arriving(hardened, '*'),
    'a parent that is down, where the same is counted': withLink(hardened, 'host', {
      name: 'enp0s3',
      adminUp: false,
      operState: 'DOWN',
    }),
  },
  cannotTell: {
    'a filter that could not be read: one on the link would drop likewise': change(hardened, () => ({
      firewall: {},
    })),
    'what drops the packets, when every rule was read and none does': withFirewall(hardened, 'host', {
      chains: [output],
    }),
    'a host that could not be looked at, which dropped the container’s packets': unseen(hardened, 'host'),
  },
});

describe('the counters of host-output-firewall-drop', () => {
  it('show what the container was not told', () => {
    const heard = hostOutputFirewallDrop.id;
    expect(diagnose(hardened).found.map(({ cause }) => cause.id)).to.include(heard);
    expect(diagnose(quiet).found.flatMap(({ ruling }) => ruling.explains)).to.not.include('laptop>webapp/icmp');
  });
});

import { expect } from 'chai';
import { hostForwardPolicyDrop } from '../../../../src/diagnosis/causes/host-filter/host-forward-policy-drop.js';
import { diagnose } from '../../../../src/diagnosis/diagnose.js';
import { arriving, change, describeCause, lost, recorded, withFirewall, withoutPackets } from '../../situation.js';

const off = recorded('l3-forwarding-off');
const forward = { chain: 'FORWARD', hook: 'forward', policy: 'drop' } as const;
/** As if the network of a healthy run were a bridge, behind a hook that drops. */
const bridged = withFirewall(
  withoutPackets(
    change(
      lost(recorded('article-second-attempt'), 'timeout', 'webapp>google*', 'webapp>gateway*'),
      ({ networks }) => ({
        networks: networks.map((network) => ({ ...network, driver: 'bridge' as const, mode: undefined })),
        traces: {},
      }),
    ),
    'host',
  ),
  'host',
  { chains: [forward] },
);
const letThrough = { chain: 'FORWARD', text: 'ip saddr 192.168.0.0/16 accept', verdict: 'accept' };

describeCause(hostForwardPolicyDrop, {
  recognises: {
    'a policy drop for a bridge network': bridged,
  },
  leavesAlone: {
    'Docker’s policy, where a bridge container sends unanswered requests to an L2 one': recorded('l2-from-bridge'),
    'Docker’s own policy, beside the rules that let its bridge networks through': withFirewall(bridged, 'host', {
      chains: [forward],
      rules: [letThrough],
    }),
    'a host that does not forward at all': change(bridged, ({ sysctls }) => ({
      sysctls: { ...sysctls, host: { ...sysctls['host'], 'net.ipv4.ip_forward': '0' } },
    })),
    'containers that arrive': arriving(bridged, '*'),
    'Docker’s policy of drop in FORWARD, with IPvlan L3': off,
    'the article’s first attempt, where the usual advice names it': recorded('article-first-attempt'),
  },
});

it('rules out Docker’s own FORWARD policy by name, and says nothing where there is none', () => {
  expect(diagnose(off, [hostForwardPolicyDrop]).ruledOut.map(({ ruling }) => ruling.oftenBlamed)).to.deep.equal([true]);
  const open = withFirewall(off, 'host', { chains: [{ chain: 'FORWARD', hook: 'forward' }] });
  expect(diagnose(open, [hostForwardPolicyDrop]).ruledOut).to.deep.equal([]);
});

import { hostOutputDropNewOnly } from '../../../../src/diagnosis/causes/host-filter/host-output-drop-new-only.js';
import { arriving, change, describeCause, lost, recorded, withFirewall } from '../../situation.js';

const hardened = recorded('l3-host-output-drop');
const output = { chain: 'output', hook: 'output' };
const rule = { chain: 'output', text: 'ct state new ip saddr 192.168.10.0/23 drop', verdict: 'drop', packets: 90 };
const answering = arriving(
  withFirewall(hardened, 'host', { chains: [output], rules: [rule] }),
  'laptop>*',
  'gateway>*',
  'host>webapp/icmp',
  'host>database/icmp',
);

const unanswered = lost(recorded('l3-output-drop-new-only'), 'timeout', 'laptop>*', 'gateway>*', 'host>*');

describeCause(hostOutputDropNewOnly, {
  recognises: {
    'a rule that drops new connections': recorded('l3-output-drop-new-only'),
    'containers that can be reached and reach nobody': answering,
    'answers that are traced to go out, whatever becomes of them then': unanswered,
  },
  leavesAlone: {
    'a rule that drops invalid packets, which is the other half': recorded('l3-output-drops-invalid'),
    'containers that cannot answer either': hardened,
    'answers of which no trace tells whether they go out': change(unanswered, () => ({ traces: {} })),
    'a kill-switch, behind which the LAN answers': recorded('comment-host-kill-switch'),
    'containers that reach what they want': arriving(answering, 'webapp>*', 'database>*'),
    'a gateway that does not translate, with the same symptoms on the LAN’s side':
      recorded('comment-gateway-does-not-nat'),
  },
});

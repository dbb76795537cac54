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
    'containers that are reachable and reach no other machine': answering,
    'replies that are traced to leave, even if they are lost later': unanswered,
  },
  leavesAlone: {
    'a rule that drops invalid packets, which is the other half': recorded('l3-output-drops-invalid'),
    'containers that cannot reply either': hardened,
    'replies of which no trace shows whether they leave': change(unanswered, () => ({ traces: {} })),
    'a kill-switch, with a LAN that replies': recorded('comment-host-kill-switch'),
    'containers that reach every target': arriving(answering, 'webapp>*', 'database>*'),
    'a router that does not translate, with the same symptoms on the LAN': recorded('comment-gateway-does-not-nat'),
  },
});

import { peerLocalFirewall } from '../../../../src/diagnosis/causes/service/peer-local-firewall.js';
import { arriving, asleep, describeCause, lost, recorded, unseen, withFirewall } from '../../situation.js';

const dropped = recorded('l3-peer-local-firewall');
const unobserved = unseen(dropped, 'laptop');
const input = { chain: 'input', hook: 'input' };

describeCause(peerLocalFirewall, {
  recognises: {
    'a machine that drops packets from other subnets': dropped,
    'a machine that drops everything by default': withFirewall(dropped, 'laptop', {
      chains: [{ ...input, policy: 'drop' }],
      rules: [
        { chain: 'input', text: 'ct state established,related accept', verdict: 'accept' },
        { chain: 'input', text: 'ip saddr 192.168.0.0/24 accept', verdict: 'accept' },
      ],
    }),
    'a machine that was not observed, beside a gateway that sees no reply of it': unobserved,
  },
  leavesAlone: {
    'a machine that lets them in': arriving(dropped, 'webapp>laptop/*', 'database>laptop/*'),
    'rules that would accept the lost packets': withFirewall(dropped, 'laptop', {
      chains: [input],
      rules: [{ chain: 'input', text: 'ip saddr 10.0.0.0/8 drop', verdict: 'drop' }],
    }),
    'a machine that does not reply to the host either': lost(unobserved, 'timeout', 'host>laptop/icmp'),
    'a container that gets no reply from any node': lost(unobserved, 'timeout', 'webapp>*', 'database>*'),
    'a missing return route': recorded('article-first-attempt'),
    'replies that the host drops': recorded('l3-host-output-drop'),
    'a parent whose capture did not work': asleep(unobserved, 'host'),
  },
  cannotTell: {
    'a machine and a gateway that were not observed: the gateway may drop its replies': unseen(unobserved, 'gateway'),
  },
});

import { peerLocalFirewall } from '../../../../src/diagnosis/causes/service/peer-local-firewall.js';
import { arriving, asleep, describeCause, lost, recorded, unseen, withFirewall } from '../../situation.js';

const barred = recorded('l3-peer-local-firewall');
const unasked = unseen(barred, 'laptop');
const input = { chain: 'input', hook: 'input' };

describeCause(peerLocalFirewall, {
  recognises: {
    'a machine that drops what is not of its own subnet': barred,
    'one that lets in nothing at all unless told to': withFirewall(barred, 'laptop', {
      chains: [{ ...input, policy: 'drop' }],
      rules: [
        { chain: 'input', text: 'ct state established,related accept', verdict: 'accept' },
        { chain: 'input', text: 'ip saddr 192.168.0.0/24 accept', verdict: 'accept' },
      ],
    }),
    'a machine nobody could look into, beside a gateway by which no answer of its comes': unasked,
  },
  leavesAlone: {
    'a machine that lets them in': arriving(barred, 'webapp>laptop/*', 'database>laptop/*'),
    'rules that would let in what was lost': withFirewall(barred, 'laptop', {
      chains: [input],
      rules: [{ chain: 'input', text: 'ip saddr 10.0.0.0/8 drop', verdict: 'drop' }],
    }),
    'a machine that does not answer the host either': lost(unasked, 'timeout', 'host>laptop/icmp'),
    'a container whom nobody answers': lost(unasked, 'timeout', 'webapp>*', 'database>*'),
    'a way back that is missing': recorded('article-first-attempt'),
    'answers the host drops': recorded('l3-host-output-drop'),
    'a parent whose capture slept': asleep(unasked, 'host'),
  },
  cannotTell: {
    'a machine and a gateway that nobody could look into: the gateway may lose its answers': unseen(unasked, 'gateway'),
  },
});

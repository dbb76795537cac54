import { statefulGatewayAsymmetricPath } from '../../../../src/diagnosis/causes/gateway/stateful-gateway-asymmetric-path.js';
import { arriving, asleep, describeCause, recorded, unseen, withFirewall, withoutPackets } from '../../situation.js';

const stateful = recorded('l3-stateful-gateway-asymmetric-path');
const forward = { chain: 'forward', hook: 'forward' };
const rule = (text: string, verdict: string) => ({ chain: 'forward', text, verdict });

describeCause(statefulGatewayAsymmetricPath, {
  recognises: {
    'a gateway that drops answers to questions it never saw': stateful,
    'one that lets pass what begins and what it knows, and nothing else': withFirewall(stateful, 'gateway', {
      chains: [{ ...forward, policy: 'drop' }],
      rules: [rule('ct state { established, related, new } accept', 'accept')],
    }),
  },
  leavesAlone: {
    'answers that arrive all the same': arriving(stateful, '*>laptop/*', '*>host/*'),
    'a filter that drops the subnet, whatever its state': withFirewall(stateful, 'gateway', {
      chains: [forward],
      rules: [rule('ip daddr 192.168.0.0/16 drop', 'drop')],
    }),
    'a gateway that filters nothing': withFirewall(stateful, 'gateway', { chains: [forward] }),
    'answers that never come to the gateway': withoutPackets(stateful, 'gateway'),
    'a gateway whose captures slept': asleep(stateful, 'gateway'),
    'a gateway nobody could look at': unseen(stateful, 'gateway'),
    'a machine that lets nobody in itself': recorded('l3-peer-local-firewall'),
    'a gateway that sends nothing back by the link it came in by': recorded('l3-gateway-refuses-hairpin'),
    'a way back that is missing': recorded('article-first-attempt'),
  },
});

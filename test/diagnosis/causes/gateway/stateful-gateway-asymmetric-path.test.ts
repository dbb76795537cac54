import { statefulGatewayAsymmetricPath } from '../../../../src/diagnosis/causes/gateway/stateful-gateway-asymmetric-path.js';
import { arriving, asleep, describeCause, recorded, unseen, withFirewall, withoutPackets } from '../../situation.js';
import { acrossVlans } from '../../two-networks.js';

const stateful = recorded('l3-stateful-gateway-asymmetric-path');
const forward = { chain: 'forward', hook: 'forward' };
const rule = (text: string, verdict: string) => ({ chain: 'forward', text, verdict });

describeCause(statefulGatewayAsymmetricPath, {
  recognises: {
    'a router that sees only what the LAN sends to a container in two VLANs': acrossVlans('ct state invalid drop'),
    'a gateway that drops replies to requests it never saw': stateful,
    'a gateway that allows new and known connections, and nothing else': withFirewall(stateful, 'gateway', {
      chains: [{ ...forward, policy: 'drop' }],
      rules: [rule('ct state { established, related, new } accept', 'accept')],
    }),
  },
  leavesAlone: {
    'a container in two VLANs whose router passes what belongs to no connection':
      acrossVlans('ip daddr 10.0.0.0/8 drop'),
    'replies that arrive': arriving(stateful, '*>laptop/*', '*>host/*'),
    'a filter that drops the subnet in every connection state': withFirewall(stateful, 'gateway', {
      chains: [forward],
      rules: [rule('ip daddr 192.168.0.0/16 drop', 'drop')],
    }),
    'a gateway that filters nothing': withFirewall(stateful, 'gateway', { chains: [forward] }),
    'replies that never reach the gateway': withoutPackets(stateful, 'gateway'),
    'a gateway whose captures did not work': asleep(stateful, 'gateway'),
    'a gateway that was not observed': unseen(stateful, 'gateway'),
    'a machine whose own firewall drops the packets': recorded('l3-peer-local-firewall'),
    'a gateway that sends nothing back through the link it came in on': recorded('l3-gateway-refuses-hairpin'),
    'a missing return route': recorded('article-first-attempt'),
  },
});

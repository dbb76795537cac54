import { hostMasqueradeBreaksL3Conntrack } from '../../../../src/diagnosis/causes/host-filter/host-masquerade-breaks-l3-conntrack.js';
import { arriving, change, describeCause, recorded, unseen, withFirewall, withoutPackets } from '../../situation.js';

const translated = recorded('comment-host-masquerade');
const postrouting = { chain: 'postrouting', hook: 'postrouting', type: 'nat', priority: 100 };
const masquerade = { chain: 'postrouting', text: 'oifname "enp0s3" masquerade', verdict: 'masquerade', packets: 0 };

describeCause(hostMasqueradeBreaksL3Conntrack, {
  recognises: {
    'a host that forwards the replies, so that only the router is unreachable': recorded('l3-masquerade-half-works'),
    'requests that leave with the host’s address': translated,
    'the same with a filter that could not be read': change(translated, () => ({ firewall: {} })),
    'the rule, when nothing was seen on the parent': withoutPackets(translated, 'host'),
  },
  leavesAlone: {
    'L3S, where the same rule works': change(translated, ({ networks }) => ({
      networks: networks.map((network) => ({ ...network, mode: 'l3s' })),
    })),
    'a rule that does not match these packets, which leave untranslated': withFirewall(
      recorded('comment-gateway-does-not-nat'),
      'host',
      { chains: [postrouting], rules: [{ ...masquerade, text: 'oifname "wg0" masquerade' }] },
    ),
    'Docker’s own rule for its bridge': recorded('article-first-attempt'),
    'containers that arrive': arriving(translated, '*'),
    'a host that could not be looked at': unseen(translated, 'host'),
  },
});

import { gatewayAclDropsContainerSubnet } from '../../../../src/diagnosis/causes/gateway/gateway-acl-drops-container-subnet.js';
import { arriving, change, describeCause, recorded, withFirewall, withoutPackets } from '../../situation.js';

const bare = recorded('comment-gateway-does-not-nat');
const toUplink = withoutPackets(bare, 'gateway');
const forward = { chain: 'forward', hook: 'forward' };
const nat = { chain: 'postrouting', hook: 'postrouting', type: 'nat', priority: 100 };
const masquerade = { chain: 'postrouting', text: 'oifname "wan0" masquerade', verdict: 'masquerade', packets: 0 };
const printed = change(bare, ({ captures }) => ({ captures: captures.filter(({ node }) => node !== 'gateway') }));
const drop = { chain: 'forward', text: 'ip saddr 192.168.10.0/23 drop', verdict: 'drop', packets: 40 };

describeCause(gatewayAclDropsContainerSubnet, {
  recognises: {
    'a rule on the gateway that dropped the packets': withFirewall(toUplink, 'gateway', {
      chains: [forward, nat],
      rules: [drop, masquerade],
    }),
    'the rule that its owner printed, without a capture on the gateway': withFirewall(printed, 'gateway', {
      chains: [forward, nat],
      rules: [{ ...drop, packets: undefined }, masquerade],
    }),
  },
  cannotTell: {
    'a gateway whose printed rules translate and drop nothing': withFirewall(printed, 'gateway', {
      chains: [forward, nat],
      rules: [masquerade],
    }),
  },
  leavesAlone: {
    'a printed rule about another subnet': withFirewall(printed, 'gateway', {
      chains: [forward, nat],
      rules: [{ ...drop, text: 'ip saddr 172.16.0.0/12 drop', packets: undefined }, masquerade],
    }),
    'a printed rule after one that accepts the packets': withFirewall(printed, 'gateway', {
      chains: [forward, nat],
      rules: [
        { ...drop, text: 'ip saddr 192.168.0.0/16 accept', verdict: 'accept', packets: undefined },
        { ...drop, packets: undefined },
        masquerade,
      ],
    }),
    'the same rule, which dropped nothing': withFirewall(toUplink, 'gateway', {
      chains: [forward, nat],
      rules: [{ ...drop, packets: 0 }, masquerade],
    }),
    'the same rule where packets are seen to leave': withFirewall(bare, 'gateway', {
      chains: [forward, nat],
      rules: [drop, masquerade],
    }),
    'a drop in INPUT, which forwarded packets do not cross': withFirewall(toUplink, 'gateway', {
      chains: [{ chain: 'forward', hook: 'input' }, nat],
      rules: [drop, masquerade],
    }),
    'replies that arrive': arriving(
      withFirewall(toUplink, 'gateway', { chains: [forward, nat], rules: [drop, masquerade] }),
      'webapp>*',
      'database>*',
    ),
    'a filter that was not read': change(toUplink, ({ firewall }) => ({
      firewall: { host: firewall['host'] ?? { readable: [], chains: [], rules: [] } },
    })),
  },
});

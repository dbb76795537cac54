import { l3sHostInputFirewallDrop } from '../../../../src/diagnosis/causes/host-filter/l3s-host-input-firewall-drop.js';
import { arriving, change, describeCause, lost, recorded, withFirewall } from '../../situation.js';

const input = { chain: 'input', hook: 'input' };
/** As if the network of a healthy run were in L3S mode, behind a hook that drops the answers. */
const untraced = change(lost(recorded('article-second-attempt'), 'timeout', 'webapp>*'), ({ networks }) => ({
  networks: networks.map((network) => ({ ...network, mode: 'l3s' })),
}));
const dropped = withFirewall(untraced, 'host', {
  chains: [input],
  rules: [{ chain: 'input', text: 'ip daddr 192.168.10.0/24 counter drop', verdict: 'drop', packets: 40 }],
});

describeCause(l3sHostInputFirewallDrop, {
  recognises: {
    'a rule that drops packets for the containers': dropped,
    'a rule without a counter, and no trace': withFirewall(untraced, 'host', {
      chains: [input],
      rules: [{ chain: 'input', text: 'ip daddr 192.168.10.0/24 drop', verdict: 'drop' }],
    }),
  },
  leavesAlone: {
    'the same rule in L3, which bypasses INPUT': recorded('l3-input-drop'),
    'ufw in L3': recorded('l3-ufw-defaults'),
    'containers that arrive': arriving(dropped, '*'),
    'rules that drop none of their packets': withFirewall(untraced, 'host', {
      chains: [input],
      rules: [{ chain: 'input', text: 'ip daddr 10.0.0.0/8 counter drop', verdict: 'drop', packets: 0 }],
    }),
    'replies that never arrive': change(dropped, ({ captures }) => ({
      captures: captures.map((capture) =>
        capture.node === 'host'
          ? { ...capture, packets: capture.packets.filter(({ direction }) => direction === 'out') }
          : capture,
      ),
    })),
  },
});

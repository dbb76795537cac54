import { containerRouterDropsForwarded } from '../../../../src/diagnosis/causes/container/container-router-drops-forwarded.js';
import { arriving, change, describeCause, recorded, withFirewall } from '../../situation.js';

const dropping = recorded('macvlan-container-router-drops');
const unmasked = recorded('macvlan-container-router-without-nat');
const masquerading = withFirewall(unmasked, 'vpn', {
  chains: [{ chain: 'postrouting', hook: 'postrouting', type: 'nat' }],
  rules: [{ chain: 'postrouting', text: 'oifname "tun0" masquerade', verdict: 'masquerade' }],
});

describeCause(containerRouterDropsForwarded, {
  recognises: {
    'a container whose FORWARD policy drops what a LAN machine sends through it': dropping,
    'a container that does not forward for another one': recorded('macvlan-container-router-forwarding-off'),
    'a container that forwards into a tunnel without masquerading': unmasked,
  },
  leavesAlone: {
    'a container that masquerades what it forwards': masquerading,
    'a container that others get through': arriving(dropping, 'laptop>8.8.8.8/*'),
    'a FORWARD policy in a container that is the router of no other': change(dropping, ({ routes }) => ({
      routes: {
        ...routes,
        laptop: (routes['laptop'] ?? []).map((route) =>
          route.via === '192.168.0.13' ? { ...route, via: '192.168.0.1' } : route,
        ),
      },
    })),
    'a kill-switch in the container that sends': recorded('l3-container-kill-switch'),
    'a FORWARD policy of the Docker host': recorded('bridge-forward-drop'),
  },
});

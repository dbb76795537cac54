import { placeholder, sh } from '../../../shell.js';
import { advice, defineCause } from '../../cause.js';
import { createNetwork } from '../../remedies/create-network.js';
import { likelyParent } from '../../symptoms/likely-parent.js';
import { explainRefused, refusedAs } from '../../symptoms/refused.js';

export const parentNotEthernet = defineCause({
  id: 'parent-not-ethernet',
  title: 'The parent is no Ethernet link',
  layer: 'engine',
  kind: 'fault',
  hop: 'engine',
  about: 'engine',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['refusals', 'containers'],
  uses: ['nodes', 'links', 'routes'],
  background: `
    IPvlan and macvlan hang on Ethernet links. The loopback is refused when the network is created; WireGuard, tun and PPP
    links only when the first container starts, with "invalid argument", for the kernel says no to a link without hardware
    addresses. A container reaches a VPN by a bridge network, or by the host's routes in L3 on the link the VPN runs over.`,
  see: [
    'https://docs.kernel.org/networking/ipvlan.html',
    'https://github.com/torvalds/linux/blob/master/drivers/net/ipvlan/ipvlan_main.c',
  ],

  reproduced: { by: 'scenario' },

  detect(view) {
    const no = refusedAs('parent-not-ethernet', view);
    return no && { ...no, detail: { ...no.detail, instead: likelyParent(view) } };
  },
  explain: ({ refused }) =>
    explainRefused(refused, ({ network, words }) =>
      network?.parent === 'lo' || network?.parent === undefined
        ? `the loopback cannot be the parent of ${words['driver']} links`
        : `${network.parent} is no Ethernet link, and ${words['driver']} hangs on nothing else`,
    ),
  remedy: ({ refused, instead }) => [
    advice('Hang the network on an Ethernet link of the host', 'docker', [
      ...refused.flatMap(({ network }) =>
        network ? [createNetwork(network, { parent: instead ?? placeholder('INTERFACE') })] : [],
      ),
    ]),
    advice('See which links are: those of "link/ether"', 'host', [sh`ip link`]),
  ],
});

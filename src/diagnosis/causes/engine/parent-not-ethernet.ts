import { placeholder, sh } from '../../../shell.js';
import { advice, defineCause } from '../../cause.js';
import { createNetwork } from '../../remedies/create-network.js';
import { engineErrors, explainErrors } from '../../symptoms/engine-errors.js';
import { likelyParent } from '../../symptoms/likely-parent.js';

export const parentNotEthernet = defineCause({
  id: 'parent-not-ethernet',
  title: 'The parent is not an Ethernet link',
  layer: 'engine',
  kind: 'fault',
  hop: 'engine',
  about: 'engine',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['refusals', 'containers'],
  background: `
    IPvlan and macvlan need an Ethernet link as their parent. Docker rejects the loopback when the network is created. With
    a WireGuard, tun or PPP link, the first container does not start: "invalid argument". The kernel creates these links
    only on a link with a MAC address. A container reaches a VPN through a bridge network, or in L3 mode through the host's routes, on
    the link that the VPN runs over.`,
  see: [
    'https://docs.kernel.org/networking/ipvlan.html',
    'https://github.com/torvalds/linux/blob/master/drivers/net/ipvlan/ipvlan_main.c',
  ],

  reproduced: { by: 'scenario' },

  detect(observed) {
    const seen = engineErrors('parent-not-ethernet', observed);
    return seen && { ...seen, detail: { ...seen.detail, instead: likelyParent(observed.network) } };
  },
  explain: ({ errors }) =>
    explainErrors(errors, ({ network, words }) =>
      network?.parent === 'lo' || network?.parent === undefined
        ? `the loopback cannot be the parent of ${words['driver']} links`
        : `${network.parent} is not an Ethernet link, and ${words['driver']} needs one`,
    ),
  remedy: ({ errors, host, instead }) => [
    advice('Create the network on an Ethernet link of the host', 'docker', [
      ...errors.flatMap(({ network }) =>
        network ? [createNetwork(network, { parent: instead ?? placeholder('INTERFACE') })] : [],
      ),
    ]),
    advice('See which links are Ethernet: those with "link/ether"', host, [sh`ip link`]),
  ],
});

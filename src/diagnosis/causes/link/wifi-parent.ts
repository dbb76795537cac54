import { defineCause, found } from '../../cause.js';
import { complaint, idsOf } from '../../flow-questions.js';
import { toIpvlan } from '../../remedies/one-mac.js';
import { FOREIGN_MAC_NEEDS, foreignMac, foreignMacSeen, type ForeignMac } from '../../symptoms/foreign-mac.js';

export const wifiParent = defineCause({
  id: 'wifi-parent',
  title: 'The parent is Wi-Fi, which carries one MAC address',
  layer: 'link',
  kind: 'fault',
  hop: 'lan',
  appliesTo: ['macvlan'],
  needs: FOREIGN_MAC_NEEDS,
  background: `
    A Wi-Fi station is known to its access point by one MAC address, the one it associated with. The access point drops frames
    from any other, and delivers none to it. So macvlan containers on a wireless parent reach nothing, while the host reaches
    everything. IPvlan works, because its containers share the station's address. L3 is best, where only the host itself is on
    the air. In L2 an access point that answers ARP on behalf of its stations may lose containers that send little.`,
  see: ['https://github.com/moby/moby/issues/43270', 'https://docs.kernel.org/networking/ipvlan.html'],
  reproduced: {
    by: 'emulation',
    how: "the parent has a wireless link's name, and the site's switch carries one MAC address at the host's port",
  },

  detect(view) {
    const seen = foreignMac(view);
    const { names } = view.network;
    if (!seen || !names.isWireless(seen.parent)) return undefined;
    const at = { node: names.hostName, device: seen.parent };
    return found<ForeignMac>({
      detail: seen,
      explains: idsOf(seen.flows),
      confidence: 'likely',
      because: [{ kind: 'wifi-link', at }, ...foreignMacSeen(view, seen)],
    });
  },
  explain: ({ flow, parent, container }) =>
    `${complaint(flow)}: its parent ${parent} is Wi-Fi, and the access point carries no frames of ${container.mac}, which is not associated.`,
  remedy: ({ flow }) => (flow.network ? [toIpvlan(flow.network, 'l2'), toIpvlan(flow.network, 'l3')] : []),
});

import { defineCause, found } from '../../cause.js';
import { FOREIGN_MAC_NEEDS, shunned, wireSaw, type Shunned } from '../../symptoms/foreign-mac.js';
import { toIpvlan } from '../../remedies/one-mac.js';
import { isWireless } from '../../symptoms/platform.js';
import { complaint, idsOf } from '../../flow-questions.js';
import { hostName } from '../../reading.js';

export const wifiParent = defineCause({
  id: 'wifi-parent',
  title: 'The parent is Wi-Fi, which carries one hardware address',
  layer: 'link',
  kind: 'fault',
  hop: 'lan',
  appliesTo: ['macvlan'],
  needs: FOREIGN_MAC_NEEDS,
  uses: ['platform'],
  background: `
    A Wi-Fi station is known to its access point by one hardware address, the one it joined with. Frames from any other are
    dropped, and none are delivered to it, so that macvlan containers on a wireless parent reach nobody while the host
    reaches everything. IPvlan works, for its containers share the station's address: L3 best, where nothing but the host
    itself is on the air; in L2 an access point that answers ARP for its stations may lose sight of quiet containers.`,
  see: ['https://github.com/moby/moby/issues/43270', 'https://docs.kernel.org/networking/ipvlan.html'],
  reproduced: {
    by: 'emulation',
    how: "the parent has a wireless link's name, and the site's switch carries one hardware address at the host's port",
  },

  detect(view) {
    const seen = shunned(view);
    if (!seen || !isWireless(view, seen.parent)) return undefined;
    return found<Shunned>({
      detail: seen,
      explains: idsOf(seen.flows),
      confidence: 'likely',
      because: [`${hostName(view.nodes)}: ${seen.parent} is a Wi-Fi link.`, ...wireSaw(view, seen)],
    });
  },
  explain: ({ flow, parent, container }) =>
    `${complaint(flow)}: its parent ${parent} is Wi-Fi, and an access point carries no frames of ${container.mac}, which never joined it.`,
  remedy: ({ flow }) => (flow.network ? [toIpvlan(flow.network, 'l2'), toIpvlan(flow.network, 'l3')] : []),
});

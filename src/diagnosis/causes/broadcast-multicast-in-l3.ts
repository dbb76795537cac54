import { advice, defineCause, found } from '../cause.js';
import { failing, idsOf, isLayer3 } from '../reading.js';
import { recreate } from '../recreate.js';

export const broadcastMulticastInL3 = defineCause({
  id: 'broadcast-multicast-in-l3',
  title: 'IPvlan L3 carries neither broadcast nor multicast',
  layer: 'link',
  kind: 'by-design',
  hop: 'ipvlan',
  appliesTo: ['ipvlan'],
  needs: ['networks'],
  background: `
    In L3 and L3S mode the kernel drops what a container sends to everybody on the link, silently and before the parent,
    and brings it nothing of the kind from outside. Whatever finds its peers that way (mDNS, SSDP, DHCP, VRRP, Wake-on-LAN,
    discovery of smart homes and clusters) finds nobody, while everything that is sent to one address works.`,
  see: ['https://docs.kernel.org/networking/ipvlan.html', 'https://docs.docker.com/engine/network/drivers/ipvlan/'],

  reproduced: { by: 'scenario' },

  detect({ flows, networks }) {
    const lost = failing(flows).filter(
      ({ probe, network }) => probe.over.protocol === 'broadcast' && isLayer3(network),
    );
    const [flow] = lost;
    if (!flow?.network) return undefined;
    return found({
      detail: { flow, network: flow.network },
      explains: idsOf(lost),
      because: networks
        .filter((network) => lost.some((one) => one.network === network))
        .map(
          ({ name, mode, parent }) =>
            `${name} is ipvlan ${mode} on ${parent ?? 'a dummy link'} (docker network inspect).`,
        ),
    });
  },
  explain: ({ flow, network }) =>
    `${flow.from.label} does not find ${flow.to.label} by broadcast: IPvlan ${network.mode?.toUpperCase()} drops whatever is meant for everybody on the link.`,
  remedy: ({ network }) => [
    advice("For discovery: L2 mode, in the LAN's own subnet", 'docker', [
      recreate({ ...network, mode: 'l2' }, undefined),
    ]),
    advice('Or name the peers by address, or run a reflector for mDNS on a container that is on both sides', 'docker', [
      'docker run --network host IMAGE-OF-AN-MDNS-REFLECTOR',
    ]),
  ],
});

import type { NetworkFact } from '../../../evidence/facts.js';
import { placeholder, sh } from '../../../shell.js';
import { advice, defineCause, found, type View } from '../../cause.js';
import type { WantedSubnet } from '../../remedies/changes/network.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import { failing, idsOf } from '../../flow-questions.js';
import { isLayer3 } from '../../../network/networks.js';
import { segmentOf } from '../../../network/segments.js';
import { routerIn } from '../../../network/routers.js';

export const broadcastMulticastInL3 = defineCause({
  id: 'broadcast-multicast-in-l3',
  title: 'IPvlan L3 carries neither broadcast nor multicast',
  layer: 'link',
  kind: 'by-design',
  hop: 'ipvlan',
  appliesTo: ['ipvlan'],
  needs: ['networks'],
  uses: ['nodes', 'links', 'routes'],
  background: `
    In L3 and L3S mode the kernel drops what a container sends to everybody on the link, silently and before the parent,
    and brings it nothing of the kind from outside. Whatever finds its peers that way (mDNS, SSDP, DHCP, VRRP, Wake-on-LAN,
    discovery of smart homes and clusters) finds nobody, while everything that is sent to one address works.`,
  see: ['https://docs.kernel.org/networking/ipvlan.html', 'https://docs.docker.com/engine/network/drivers/ipvlan/'],

  reproduced: { by: 'scenario' },

  detect(view) {
    const { flows, networks } = view;
    const lost = failing(flows).filter(
      ({ probe, network }) => probe.over.protocol === 'broadcast' && isLayer3(network),
    );
    const [flow] = lost;
    if (!flow?.network) return undefined;
    return found({
      detail: { flow, network: flow.network, lan: lanOf(view, flow.network) },
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
  remedy: ({ network, lan }) => [
    recreateNetwork("For discovery: L2 mode, in the LAN's own subnet", network, { mode: 'l2', subnets: [lan] }),
    advice('Or name the peers by address, or run a reflector for mDNS on a container that is on both sides', 'docker', [
      sh`docker run --network host ${placeholder('IMAGE_OF_AN_MDNS_REFLECTOR')}`,
    ]),
  ],
});

/** The subnet of the segment the parent leads to, with the router's address in it. */
function lanOf(view: View<'networks', 'nodes' | 'links' | 'routes'>, network: NetworkFact): WantedSubnet {
  const [near] = segmentOf(view.network, network);
  const subnet = near?.subnet;
  return {
    subnet: subnet ?? placeholder('LAN_SUBNET'),
    gateway: (subnet === undefined ? undefined : routerIn(view.network, subnet)) ?? placeholder('GATEWAY'),
  };
}

import type { NetworkFact } from '../../../evidence/facts.js';
import type { NetworkState } from '../../../network/network-state.js';
import { isLayer3 } from '../../../network/networks.js';
import { routerIn } from '../../../network/routers.js';
import { segmentOf } from '../../../network/segments.js';
import { isToMany } from '../../../scenario/to-many.js';
import { placeholder, sh } from '../../../shell.js';
import { advice, defineCause, found } from '../../cause.js';
import { failing, idsOf } from '../../flow-questions.js';
import type { WantedSubnet } from '../../remedies/changes/network.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import { networkSeen } from '../../symptoms/docker-network.js';

export const broadcastMulticastInL3 = defineCause({
  id: 'broadcast-multicast-in-l3',
  title: 'IPvlan L3 carries neither broadcast nor multicast',
  layer: 'link',
  kind: 'by-design',
  hop: 'ipvlan',
  appliesTo: ['ipvlan'],
  needs: ['networks'],
  background: `
    In L3 and L3S mode the kernel drops a container's broadcast and multicast packets, without an error and before the
    parent, and delivers none from outside. A service that finds its peers that way (mDNS, SSDP, DHCP, VRRP, Wake-on-LAN,
    discovery of smart homes and clusters) finds none, while unicast packets arrive.`,
  see: ['https://docs.kernel.org/networking/ipvlan.html', 'https://docs.docker.com/engine/network/drivers/ipvlan/'],

  reproduced: { by: 'scenario' },

  detect({ flows, network: state }) {
    const lost = failing(flows).filter(({ probe, network }) => isToMany(probe.over) && isLayer3(network));
    const [flow] = lost;
    if (!flow?.network) return undefined;
    return found({
      about: flow,
      detail: { flow, network: flow.network, lan: lanOf(state, flow.network) },
      explains: idsOf(lost),
      because: state.names.networks.filter((one) => lost.some(({ network }) => network === one)).map(networkSeen),
    });
  },
  explain: ({ flow, network }) =>
    `${flow.from.label} does not find ${flow.to.label} by ${flow.probe.over.protocol}: IPvlan ${network.mode?.toUpperCase()} drops broadcast and multicast packets.`,
  remedy: ({ network, lan }) => [
    recreateNetwork("Recreate the network in L2 mode, in the LAN's own subnet", network, {
      mode: 'l2',
      subnets: [lan],
    }),
    advice('Name the peers by address, or run a reflector for mDNS on a container that is on both sides', 'docker', [
      sh`docker run --network host ${placeholder('IMAGE_OF_AN_MDNS_REFLECTOR')}`,
    ]),
  ],
});

/** The subnet of the segment the parent leads to, with the router's address in it. */
function lanOf(state: NetworkState, network: NetworkFact): WantedSubnet {
  const subnet = segmentOf(state, network)[0]?.subnet;
  return {
    subnet: subnet ?? placeholder('LAN_SUBNET'),
    gateway: (subnet === undefined ? undefined : routerIn(state, subnet)) ?? placeholder('GATEWAY'),
  };
}

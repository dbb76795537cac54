import { placeholder } from '../../../shell.js';
import { defineCause, found } from '../../cause.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import { failing, idsOf } from '../../flow-questions.js';
import { isLayer3 } from '../../../network/networks.js';

/** Where DHCP servers listen, for IPv4 and IPv6. */
const SERVER_PORTS: ReadonlySet<number> = new Set([67, 547]);

export const dhcpOnIpvlan = defineCause({
  id: 'dhcp-on-ipvlan',
  title: 'DHCP does not work on IPvlan as a client expects',
  layer: 'service',
  kind: 'by-design',
  hop: 'target',
  appliesTo: ['ipvlan'],
  needs: ['nodes', 'networks', 'containers'],
  background: `
    Docker gives addresses out itself and never asks a DHCP server. A client inside an IPvlan container does not get far: in
    L2 all containers share the parent's hardware address, by which a server tells clients apart, and an answer to that
    address alone does not say which container it is for: only a client that asks for broadcast answers, with an
    identifier of its own, gets a lease. In L3 and L3S broadcasts never leave the container.`,
  see: ['https://docs.kernel.org/networking/ipvlan.html', 'https://docs.docker.com/engine/network/drivers/ipvlan/'],

  reproduced: {
    by: 'not',
    why: 'it takes a DHCP client in the container, and Docker images for IPvlan come without one, as does the agent',
  },

  detect({ flows }) {
    const asked = failing(flows).filter(
      ({ outbound, network, probe: { over } }) =>
        outbound && network?.driver === 'ipvlan' && over.protocol === 'udp' && SERVER_PORTS.has(over.port),
    );
    const [flow] = asked;
    if (!flow?.network) return undefined;
    const { network } = flow;
    return found({
      detail: { flow, network },
      explains: idsOf(asked),
      because: [
        `${network.name} is ipvlan ${network.mode}: ${isLayer3(network) ? 'it carries no broadcasts' : 'its containers share one hardware address'}.`,
      ],
    });
  },
  explain: ({ flow, network }) =>
    `${flow.container?.name} gets no answer from a DHCP server: ${isLayer3(network) ? `in mode ${network.mode} its broadcasts never leave it` : 'on IPvlan all containers share one hardware address, by which DHCP tells clients apart'}, and Docker has given it ${flow.containerAddress} already.`,
  remedy: ({ network }) => [
    recreateNetwork(
      'Let Docker give the addresses out, from a part of the subnet that the DHCP server leaves alone',
      network,
      { subnets: network.subnets.map((one) => ({ ...one, range: placeholder('A_PART_OF_IT') })) },
    ),
    recreateNetwork(
      'Or, where a lease there must be, use macvlan, whose containers have hardware addresses of their own',
      network,
      { driver: 'macvlan', mode: undefined, flag: undefined },
    ),
  ],
});

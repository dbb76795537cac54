import { isLayer3 } from '../../../network/networks.js';
import { placeholder } from '../../../shell.js';
import { defineCause, found } from '../../cause.js';
import { failing, idsOf } from '../../flow-questions.js';
import { recreateNetwork } from '../../remedies/create-network.js';

/** Ports of DHCP servers, for IPv4 and IPv6. */
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
    Docker gives out addresses itself and never asks a DHCP server. A DHCP client inside an IPvlan container usually fails.
    In L2 all containers share the parent's MAC address, and a DHCP server tells clients apart by their MAC address. Its
    unicast reply does not show which container it is for. Only a client with its own client identifier, which asks for
    broadcast replies, gets a lease. In L3 and L3S broadcasts never leave the container.`,
  see: ['https://docs.kernel.org/networking/ipvlan.html', 'https://docs.docker.com/engine/network/drivers/ipvlan/'],

  reproduced: {
    by: 'not',
    why: 'it needs a DHCP client in the container, which neither the test images nor the agent have',
  },

  detect({ flows }) {
    const lost = failing(flows).filter(
      ({ outbound, network, probe: { over } }) =>
        outbound && network?.driver === 'ipvlan' && over.protocol === 'udp' && SERVER_PORTS.has(over.port),
    );
    const [flow] = lost;
    if (!flow?.network) return undefined;
    const { network } = flow;
    return found({
      about: flow,
      detail: { flow, network },
      explains: idsOf(lost),
      because: [
        { kind: 'network-setting', network: network.name, setting: 'ipvlan_mode', value: network.mode ?? 'l2' },
      ],
    });
  },
  explain: ({ flow, network }) =>
    `${flow.container?.name} gets no reply from a DHCP server: ${isLayer3(network) ? `in mode ${network.mode} its broadcasts never leave it` : 'on IPvlan all containers share one MAC address, and DHCP tells clients apart by it'}. Docker already gave it ${flow.containerAddress}.`,
  remedy: ({ network }) => [
    recreateNetwork(
      'Let Docker give out addresses from a part of the subnet that the DHCP server does not use',
      network,
      {
        subnets: network.subnets.map((one) => ({ ...one, range: placeholder('A_PART_OF_IT') })),
      },
    ),
    recreateNetwork('If the container needs a lease, use macvlan, which gives each container a MAC address', network, {
      driver: 'macvlan',
      mode: undefined,
      flag: undefined,
    }),
  ],
});

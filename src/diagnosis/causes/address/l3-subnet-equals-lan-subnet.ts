import type { NetworkFact } from '../../../evidence/facts.js';
import { contains } from '../../../ip.js';
import { arpFor } from '../../../path/observe/sighting.js';
import { placeholder, sh } from '../../../shell.js';
import { defineCause, found, on, type Command, type Remedy, type View } from '../../cause.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import type { Flow } from '../../flow.js';
import { ipFor } from '../../remedies/ip-command.js';
import { complaint, crossesParent, failing, idsOf, telling } from '../../flow-questions.js';
import { isLayer3 } from '../../../network/networks.js';
import { deviceOf, hostName, nodeOfKind } from '../../reading.js';
import { segmentOf, type SegmentSubnet } from '../../../network/segments.js';
import { captureAt } from '../../symptoms/wire.js';

/** A failing flow of an L3 container whose address everybody on the segment takes for a neighbour's. */
interface Mistaken extends Flow {
  readonly network: NetworkFact;
  readonly containerAddress: string;
  readonly segment: SegmentSubnet;
}

export const l3SubnetEqualsLanSubnet = defineCause({
  id: 'l3-subnet-equals-lan-subnet',
  title: "The L3 network uses the LAN's own subnet",
  layer: 'address',
  kind: 'fault',
  hop: 'lan',
  appliesTo: ['ipvlan'],
  needs: ['nodes', 'networks', 'links'],
  uses: ['captures'],
  background: `
    In L3 mode containers do not speak ARP: the host routes for them, and everybody else must have a route to their subnet by
    way of the host. When their subnet is that of the LAN, every machine there takes the containers for neighbours and asks
    for their hardware address, and nobody answers. Requests do leave, answers never come home. It is what becomes of an
    L2 set-up whose mode was changed and nothing else.`,
  see: ['https://docs.docker.com/engine/network/drivers/ipvlan/', 'https://docs.kernel.org/networking/ipvlan.html'],

  reproduced: { by: 'scenario' },

  detect(view) {
    const lost = failing(view.flows).flatMap((flow): Mistaken[] => {
      const { network, containerAddress } = flow;
      if (!network || containerAddress === undefined || !crossesParent(flow) || !isLayer3(network)) return [];
      const segment = segmentOf(view.network, network).find(({ subnet }) => contains(subnet, containerAddress));
      return segment ? [{ ...flow, network, containerAddress, segment }] : [];
    });
    const flow = telling(lost);
    if (!flow) return undefined;
    const networks = [...new Map(lost.map((one) => [one.network.name, one])).values()];
    const containers = [...new Map(lost.map((one) => [one.containerAddress, one])).values()];
    const parent = captureAt(view.captures ?? [], hostName(view.nodes));
    const asked = [...new Set(lost.map(({ containerAddress }) => containerAddress))].filter((address) => {
      const quest = arpFor(parent, address);
      return quest.asked && !quest.answered;
    });
    return found({
      detail: {
        flow,
        networks: networks.map(({ network }) => network),
        turns: containers.map((one) => turn(view, one)),
      },
      explains: idsOf(lost),
      because: [
        ...networks.map(
          ({ network: { name, mode, parent: link }, segment }) =>
            `${name} is ${mode} on ${link}, and ${segment.node} has ${segment.address} of the same ${segment.subnet} on that segment.`,
        ),
        ...asked.map((address) => `${parent?.device}: the LAN asks by ARP for ${address}, and nobody answers.`),
      ],
    });
  },
  explain: ({ flow }) =>
    `${complaint(flow)}: ${flow.network.name} is in mode ${flow.network.mode} with a subnet of the LAN, ${flow.segment.subnet}, where everybody asks for ${flow.containerAddress} by ARP and an ${flow.network.mode} container never answers.`,
  remedy: ({ networks, turns }) => [
    {
      title: 'Turn the containers to L2 with the gateway of the LAN, until they are made anew',
      use: turns.every(({ via }) => via !== undefined) ? 'run' : 'advice',
      commands: turns.flatMap(toLayer2),
    },
    ...networks.flatMap((network) => [inLayer2(network, turns), elsewhere(network)]),
  ],
});

/** What it takes to have a container answer for itself. */
interface Turn {
  readonly container: string;
  readonly device: string;
  readonly mode: string;
  readonly via: string | undefined;
}

function turn(
  view: View<'nodes' | 'networks' | 'links'>,
  { container, containerAddress, network, segment }: Mistaken,
): Turn {
  const gateway = nodeOfKind(view.nodes, 'gateway')?.name;
  const name = container?.name ?? '';
  return {
    container: name,
    device: deviceOf(view, name, containerAddress),
    mode: network.mode ?? 'l3',
    via: segmentOf(view.network, network).find(({ node, subnet }) => node === gateway && subnet === segment.subnet)
      ?.address,
  };
}

/** The mode is the parent's: changed on one container's link, it changes for all. */
function toLayer2({ container, device, mode, via }: Turn): readonly Command[] {
  if (via === undefined) return [];
  const ip = ipFor(via);
  return [
    on(
      container,
      sh`ip link set dev ${device} type ipvlan mode l2 && ${ip} route replace default via ${via}`,
      sh`ip link set dev ${device} type ipvlan mode ${mode} && ${ip} route replace default dev ${device}`,
    ),
  ];
}

function inLayer2(network: NetworkFact, turns: readonly Turn[]): Remedy {
  const routers = turns.flatMap(({ via }) => via ?? []);
  return recreateNetwork(
    "Keep the LAN's subnet and recreate the network in L2, where containers answer for themselves",
    network,
    {
      mode: 'l2',
      subnets: network.subnets.map((one) => ({
        ...one,
        gateway: routers.find((address) => contains(one.subnet, address)) ?? placeholder('GATEWAY'),
      })),
    },
  );
}

function elsewhere(network: NetworkFact): Remedy {
  return recreateNetwork(
    'Or keep the mode, give it a subnet of its own, and route that on the gateway to the host',
    network,
    { subnets: network.subnets.map(() => ({ subnet: placeholder('NEW_SUBNET'), gateway: undefined })) },
  );
}

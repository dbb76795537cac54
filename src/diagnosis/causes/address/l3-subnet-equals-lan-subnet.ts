import type { NetworkFact } from '../../../evidence/facts.js';
import { contains } from '../../../ip.js';
import type { NetworkState } from '../../../network/network-state.js';
import { isLayer3 } from '../../../network/networks.js';
import { segmentOf, type SegmentSubnet } from '../../../network/segments.js';
import { arpFor } from '../../../path/observe/sighting.js';
import { placeholder } from '../../../shell.js';
import { defineCause, found, type Observed, type Remedy } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, crossesParent, failing, idsOf, ownDevice, telling } from '../../flow-questions.js';
import type { Observation } from '../../observation.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import { subnetOnSegment } from '../../symptoms/segment-addresses.js';

/** A failing flow of an L3 container whose address lies in a subnet of the segment. */
interface OnSegment extends Flow {
  readonly network: NetworkFact;
  readonly containerAddress: string;
  readonly segment: SegmentSubnet;
}

export const l3SubnetEqualsLanSubnet = defineCause({
  id: 'l3-subnet-equals-lan-subnet',
  title: 'The L3 network uses the subnet of the LAN',
  layer: 'address',
  kind: 'fault',
  hop: 'lan',
  appliesTo: ['ipvlan'],
  needs: ['nodes', 'networks', 'links'],
  background: `
    In L3 mode containers do not use ARP: the host routes for them, and other machines need a route to their subnet through
    the host. When the network has the subnet of the LAN, every machine on the LAN takes the containers for neighbours. It
    sends ARP requests for them and gets no reply. Requests of the containers leave, and replies never arrive. This often
    follows when an L2 network is changed to mode L3 and nothing else is changed.`,
  see: ['https://docs.docker.com/engine/network/drivers/ipvlan/', 'https://docs.kernel.org/networking/ipvlan.html'],

  reproduced: { by: 'scenario' },

  detect(view) {
    const lost = failing(view.flows).flatMap((flow) => onLan(view.network, flow) ?? []);
    const flow = telling(lost);
    if (!flow) return undefined;
    const networks = [...new Map(lost.map((one) => [one.network.name, one])).values()];
    const containers = [...new Map(lost.map((one) => [one.containerAddress, one])).values()];
    return found({
      detail: {
        flow,
        networks: networks.map(({ network }) => network),
        switches: containers.map((one) => modeSwitch(view.network, one)),
      },
      explains: idsOf(lost),
      because: [
        ...networks.flatMap(({ network, segment }): readonly Observation[] => [
          { kind: 'network-setting', network: network.name, setting: 'mode', value: network.mode ?? '' },
          { kind: 'network-setting', network: network.name, setting: 'subnet', value: segment.subnet },
          subnetOnSegment(segment),
        ]),
        ...unansweredOnLan(view, [...new Set(lost.map(({ containerAddress }) => containerAddress))]),
      ],
    });
  },
  explain: ({ flow }) =>
    `${complaint(flow)}: ${flow.network.name} is in mode ${flow.network.mode} and has the subnet of the LAN, ${flow.segment.subnet}. Machines there send ARP requests for ${flow.containerAddress}, and an ${flow.network.mode} container never replies.`,
  remedy: ({ networks, switches }) => [
    {
      title: 'Change the containers to L2 with the gateway of the LAN, until they are recreated',
      use: switches.every(({ via }) => via !== undefined) ? 'run' : 'advice',
      changes: switches.flatMap(({ container, device, mode, via }) =>
        via === undefined ? [] : [{ kind: 'to-layer-2', on: container, device, via, was: mode } as const],
      ),
    },
    ...networks.flatMap((network) => [inLayer2(network, switches), withOwnSubnet(network)]),
  ],
});

function onLan(state: NetworkState, flow: Flow): OnSegment | undefined {
  const { network, containerAddress } = flow;
  if (!network || containerAddress === undefined || !crossesParent(flow) || !isLayer3(network)) return undefined;
  const segment = segmentOf(state, network).find(({ subnet }) => contains(subnet, containerAddress));
  return segment && { ...flow, network, containerAddress, segment };
}

/** Every machine on the LAN may ask: a reply to any of them counts. */
function unansweredOnLan(
  { network, observed }: Pick<Observed, 'network' | 'observed'>,
  addresses: readonly string[],
): readonly Observation[] {
  const capture = observed.capture(network.names.hostName);
  if (!capture) return [];
  const { node, device } = capture;
  return addresses
    .filter((address) => {
      const { asked, answered } = arpFor(capture, address);
      return asked && !answered;
    })
    .map((address) => ({ kind: 'unanswered-arp', at: { node, device }, asker: 'a machine on the LAN', address }));
}

/** What a container needs to reply to ARP itself. */
interface ModeSwitch {
  readonly container: string;
  readonly device: string;
  readonly mode: string;
  readonly via: string | undefined;
}

function modeSwitch(state: NetworkState, one: OnSegment): ModeSwitch {
  const gateway = state.names.gateway?.name;
  const router = segmentOf(state, one.network).find(
    ({ node, subnet }) => node === gateway && subnet === one.segment.subnet,
  );
  return {
    container: one.container?.name ?? '',
    device: ownDevice(state, one),
    mode: one.network.mode ?? 'l3',
    via: router?.address,
  };
}

function inLayer2(network: NetworkFact, switches: readonly ModeSwitch[]): Remedy {
  const routers = switches.flatMap(({ via }) => via ?? []);
  const subnets = network.subnets.map((one) => ({
    ...one,
    gateway: routers.find((address) => contains(one.subnet, address)) ?? placeholder('GATEWAY'),
  }));
  return recreateNetwork('Recreate the network in L2 with the subnet of the LAN', network, { mode: 'l2', subnets });
}

function withOwnSubnet(network: NetworkFact): Remedy {
  return recreateNetwork(
    'Recreate the network in the same mode with a subnet of its own, and add a route to it via the host on the router',
    network,
    { subnets: network.subnets.map(() => ({ subnet: placeholder('NEW_SUBNET'), gateway: undefined })) },
  );
}

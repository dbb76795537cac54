import type { NetworkFact } from '../../../evidence/facts.js';
import { familyOf, firstAddress, prefixLength } from '../../../ip.js';
import type { NetworkState } from '../../../network/network-state.js';
import { isLayer3 } from '../../../network/networks.js';
import { linksOfSegment, segmentOf, shared, type SegmentSubnet } from '../../../network/segments.js';
import { placeholder } from '../../../shell.js';
import { defineCause, found, type Observed, type Remedy } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, crossesParent, failing, idsOf, isOnLink, subnetOfFlow, telling } from '../../flow-questions.js';
import type { WantedSubnet } from '../../remedies/changes/network.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import { subnetOnSegment } from '../../symptoms/segment-addresses.js';
import { isMismatched, taggingOf } from '../../symptoms/vlan.js';
import { unansweredArp } from '../../symptoms/wire.js';

/** A failing flow of a container whose subnet no machine on its parent's segment has. */
interface Foreign extends Flow {
  readonly network: NetworkFact;
  readonly subnet: string;
  readonly segment: readonly SegmentSubnet[];
}

/** The gateway's link to the segment, and the address that would make it the containers' gateway. */
interface SecondAddress {
  readonly gateway: string;
  readonly device: string;
  readonly address: string;
}

export const l2SubnetNotOnParentSegment = defineCause({
  id: 'l2-subnet-not-on-parent-segment',
  title: 'The subnet of the L2 network is not on the segment of the parent',
  layer: 'address',
  kind: 'fault',
  hop: 'container-route',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'links'],
  background: `
    In L2 mode and on macvlan a container is a machine on the parent's segment like any other: a gateway there must have an
    address in its subnet. With an invented subnet, often copied from an L3 example, the container sends ARP requests for
    its gateway and gets no reply. Only containers of the same network reach each other. A static route on the router does
    not help.`,
  see: [
    'https://docs.docker.com/engine/network/drivers/ipvlan/',
    'https://docs.docker.com/engine/network/drivers/macvlan/',
  ],

  reproduced: { by: 'scenario' },

  detect(view) {
    const { links, names } = view.network;
    // The parent shows which segment it is, and which VLAN.
    if (links.of(names.hostName) === undefined) return undefined;
    const lost = failing(view.flows).flatMap((flow) => foreign(view, flow) ?? []);
    const flow = telling(lost);
    if (!flow) return undefined;
    const networks = [...new Map(lost.map((one) => [`${one.network.name} ${one.subnet}`, one])).values()];
    const router = names.gateway?.name;
    return found({
      detail: { flow, networks, router, added: networks.map((one) => secondAddress(view.network, one)) },
      explains: idsOf(lost),
      confidence: router !== undefined && links.of(router) ? 'certain' : 'likely',
      because: [
        ...networks.flatMap(({ network, subnet, segment }) => [
          { kind: 'network-setting', network: network.name, setting: 'subnet', value: subnet } as const,
          ...segment.map(subnetOnSegment),
        ]),
        ...networks.flatMap((one) => unansweredArp(view, one, gatewayOf(one))),
      ],
    });
  },
  explain: ({ flow }) =>
    `${complaint(flow)}: ${flow.subnet} of ${flow.network.name} is not a subnet of the segment of ${flow.network.parent}, which has ${distinct(flow.segment).join(' and ')}. In mode ${flow.network.mode} no machine there replies to it.`,
  remedy: ({ networks, added, router }) => [
    addToGateway(added),
    ...networks.map((one) =>
      recreateNetwork('Recreate the network with the subnet of the LAN', one.network, { subnets: onLan(one, router) }),
    ),
  ],
});

function foreign(view: Pick<Observed, 'network' | 'observed'>, flow: Flow): Foreign | undefined {
  const { network } = flow;
  const subnet = subnetOfFlow(flow);
  if (!network || subnet === undefined || !crossesParent(flow) || isLayer3(network) || isOnLink(flow)) return undefined;
  // On another VLAN than its own the tag is wrong, not the subnet.
  if (isMismatched(taggingOf(view, { network, address: flow.containerAddress ?? '' }))) return undefined;
  const segment = segmentOf(view.network, network).filter((one) => familyOf(one.subnet) === familyOf(subnet));
  return segment.length > 0 && !shared(segment, subnet) ? { ...flow, network, subnet, segment } : undefined;
}

/** The address the network's containers ask for: as given, else the first, which Docker up to 28 guesses. */
function gatewayOf({ network, subnet }: Foreign): string | undefined {
  return network.subnets.find((one) => one.subnet === subnet)?.gateway ?? firstAddress(subnet);
}

function secondAddress(state: NetworkState, one: Foreign): SecondAddress | undefined {
  const gateway = state.names.gateway?.name;
  const [device] = gateway === undefined ? [] : linksOfSegment(state, gateway, one.network);
  const address = gatewayOf(one);
  return gateway && device && address
    ? { gateway, device, address: `${address}/${prefixLength(one.subnet)}` }
    : undefined;
}

/** The subnets of the network with that of the LAN in place of the foreign one. It may have that of the LAN already. */
function onLan({ network, subnet, segment }: Foreign, router: string | undefined): readonly WantedSubnet[] {
  const lan = segment.find(({ node }) => node === router) ?? segment[0];
  if (!lan) return network.subnets;
  const gateway = lan.node === router ? lan.address : placeholder('GATEWAY');
  return network.subnets
    .filter((one) => one.subnet !== lan.subnet)
    .map((one) => (one.subnet === subnet ? { subnet: lan.subnet, gateway } : one));
}

function addToGateway(added: readonly (SecondAddress | undefined)[]): Remedy {
  const known = added.filter((one) => one !== undefined);
  return {
    title:
      "Add the network's gateway address to the router, and let the router masquerade the subnet as it does for the LAN",
    use: known.length === added.length ? 'run' : 'advice',
    changes: known.map(({ gateway, device, address }) => ({
      ...({ kind: 'address', on: gateway, do: 'add', device, address } as const),
    })),
  };
}

function distinct(segment: readonly SegmentSubnet[]): readonly string[] {
  return [...new Set(segment.map(({ subnet }) => subnet))];
}

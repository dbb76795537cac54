import type { NetworkFact } from '../../../evidence/facts.js';
import { familyOf, firstAddress, prefixLength } from '../../../ip.js';
import { placeholder, sh } from '../../../shell.js';
import { defineCause, found, on, type Remedy } from '../../cause.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import type { Flow } from '../../flow.js';
import { complaint, crossesParent, failing, idsOf, isOnLink, subnetOfFlow, telling } from '../../flow-questions.js';
import { isLayer3 } from '../../../network/networks.js';
import { hostName, nodeOfKind } from '../../reading.js';
import { linksOfSegment, segmentOf, shared, type SegmentSubnet } from '../../../network/segments.js';
import { isMismatched, taggingOf } from '../../symptoms/vlan.js';
import { questFor } from '../../symptoms/wire.js';

/** A failing flow of a container whose subnet lives nowhere on its parent's segment. */
interface Foreign extends Flow {
  readonly network: NetworkFact;
  readonly subnet: string;
  readonly segment: readonly SegmentSubnet[];
}

/** The gateway's link to the segment, and the address that would make it the containers' gateway. */
interface Adoption {
  readonly gateway: string;
  readonly device: string;
  readonly address: string;
}

export const l2SubnetNotOnParentSegment = defineCause({
  id: 'l2-subnet-not-on-parent-segment',
  title: "The L2 network's subnet is not one of the parent's segment",
  layer: 'address',
  kind: 'fault',
  hop: 'container-route',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'links'],
  uses: ['captures'],
  background: `
    In L2 mode and on macvlan a container is a machine on the parent's segment, like any other: somebody there, first of all
    a gateway, must have an address of its subnet. With an invented subnet, often copied from an L3 example, it asks for
    its gateway by ARP for ever, and only containers of the same network answer one another. Nobody's static routes help.`,
  see: [
    'https://docs.docker.com/engine/network/drivers/ipvlan/',
    'https://docs.docker.com/engine/network/drivers/macvlan/',
  ],

  reproduced: { by: 'scenario' },

  detect(view) {
    // Which segment it is, and by which VLAN, the parent tells.
    if (view.links[hostName(view.nodes)] === undefined) return undefined;
    const lost = failing(view.flows).flatMap((flow): Foreign[] => {
      const { network } = flow;
      const subnet = subnetOfFlow(flow);
      if (!network || subnet === undefined || !crossesParent(flow) || isLayer3(network) || isOnLink(flow)) return [];
      // On another VLAN than its own it is the tag that is wrong, not the subnet.
      if (isMismatched(taggingOf(view, { network, address: flow.containerAddress ?? '' }))) return [];
      const segment = segmentOf(view.network, network).filter((one) => familyOf(one.subnet) === familyOf(subnet));
      return segment.length > 0 && !shared(segment, subnet) ? [{ ...flow, network, subnet, segment }] : [];
    });
    const flow = telling(lost);
    if (!flow) return undefined;
    const networks = [...new Map(lost.map((one) => [`${one.network.name} ${one.subnet}`, one])).values()];
    const silent = networks.flatMap((one) => {
      const address = gatewayOf(one.network, one.subnet);
      const quest = address === undefined ? undefined : questFor(view, one, address);
      return quest?.asked && !quest.answered ? [{ address, device: one.network.parent }] : [];
    });
    const gateway = nodeOfKind(view.nodes, 'gateway')?.name;
    return found({
      detail: {
        flow,
        networks,
        router: gateway,
        adoptions: networks.map(({ network, subnet }) => {
          const [device] = gateway === undefined ? [] : linksOfSegment(view.network, gateway, network);
          const address = gatewayOf(network, subnet);
          return gateway && device && address
            ? { gateway, device, address: `${address}/${prefixLength(subnet)}` }
            : undefined;
        }),
      },
      explains: idsOf(lost),
      confidence: gateway !== undefined && view.links[gateway] ? 'certain' : 'likely',
      because: [
        ...networks.map(
          ({ network, subnet, segment }) =>
            `${network.name} is ${network.driver} ${network.mode} with ${subnet}, and on the segment of ${network.parent} there is ${segment.map((one) => `${one.subnet} (${one.node})`).join(', ')}.`,
        ),
        ...silent.map(({ device, address }) => `${device}: ARP requests for ${address} leave, and nobody answers.`),
      ],
    });
  },
  explain: ({ flow }) =>
    `${complaint(flow)}: ${flow.subnet} of ${flow.network.name} is no subnet of the segment ${flow.network.parent} leads to, which has ${distinct(flow.segment).join(' and ')}; in mode ${flow.network.mode} nobody there answers it.`,
  remedy: ({ networks, adoptions, router }) => [
    adopt(adoptions),
    ...networks.map(({ network, subnet, segment }) => {
      const lan = segment.find(({ node }) => node === router) ?? segment[0];
      const gateway = lan?.node === router ? lan?.address : undefined;
      return recreateNetwork("Or recreate the network with the LAN's own subnet", network, {
        subnets: network.subnets.map((one) =>
          one.subnet === subnet && lan ? { subnet: lan.subnet, gateway: gateway ?? placeholder('GATEWAY') } : one,
        ),
      });
    }),
  ],
});

/** The address the network's containers ask for: as given, else the first, which Docker up to 28 guesses. */
function gatewayOf(network: NetworkFact, subnet: string): string | undefined {
  return network.subnets.find((one) => one.subnet === subnet)?.gateway ?? firstAddress(subnet);
}

function adopt(adoptions: readonly (Adoption | undefined)[]): Remedy {
  const known = adoptions.filter((one) => one !== undefined);
  return {
    title:
      "Give the gateway the network's gateway address beside its own, and have it masquerade the subnet where it does so for the LAN",
    use: known.length === adoptions.length ? 'run' : 'advice',
    commands: known.map(({ gateway, device, address }) =>
      on(gateway, sh`ip addr add ${address} dev ${device}`, sh`ip addr del ${address} dev ${device}`),
    ),
  };
}

function distinct(segment: readonly SegmentSubnet[]): readonly string[] {
  return [...new Set(segment.map(({ subnet }) => subnet))];
}

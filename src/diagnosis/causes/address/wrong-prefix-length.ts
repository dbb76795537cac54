import type { NetworkFact } from '../../../evidence/facts.js';
import { contains, familyOf } from '../../../ip.js';
import type { NetworkState } from '../../../network/network-state.js';
import { isLayer3 } from '../../../network/networks.js';
import { isWider, segmentOf, type SegmentSubnet } from '../../../network/segments.js';
import { placeholder } from '../../../shell.js';
import { defineCause, found } from '../../cause.js';
import type { Flow } from '../../flow.js';
import {
  complaint,
  crossesParent,
  failing,
  farAddress,
  idsOf,
  ownDevice,
  subnetOfFlow,
  telling,
} from '../../flow-questions.js';
import { distinctObservations } from '../../observation.js';
import type { Change } from '../../remedies/change.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import { onSegment } from '../../symptoms/segment-addresses.js';
import { unansweredArp } from '../../symptoms/wire.js';

/** A failing flow of a container whose subnet ends elsewhere than that of its LAN. */
interface Mismatch extends Flow {
  readonly network: NetworkFact;
  readonly subnet: string;
  /** The LAN's own subnet, and which machine shows it. */
  readonly segment: SegmentSubnet;
  /** `wide`: takes addresses behind the gateway for neighbours; `narrow`: leaves the gateway out. */
  readonly how: 'wide' | 'narrow';
  /** The gateway, where it is known. */
  readonly gateway: string | undefined;
}

export const wrongPrefixLength = defineCause({
  id: 'wrong-prefix-length',
  title: 'The prefix length of the network differs from that of the LAN',
  layer: 'address',
  kind: 'fault',
  hop: 'container-route',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'links', 'routes'],
  uses: ['captures'],
  background: `
    In L2 mode and on macvlan, containers and LAN must agree which addresses are neighbours. A network with a shorter prefix
    than the LAN takes addresses behind the gateway for neighbours: its ARP requests for them get no reply. A longer prefix
    leaves neighbours out. When it leaves the gateway out, no right gateway can be given, and Docker guesses one. Use
    --ip-range to limit Docker to a part of the LAN: --subnet is always the whole LAN.`,
  see: [
    'https://docs.docker.com/engine/network/drivers/macvlan/',
    'https://docs.docker.com/reference/cli/docker/network/create/',
  ],

  reproduced: { by: 'scenario' },

  detect(view) {
    const lost = failing(view.flows).flatMap((flow) => mismatch(view.network, flow) ?? []);
    const flow = telling(lost);
    if (!flow) return undefined;
    const networks = [...new Map(lost.map((one) => [`${one.network.name} ${one.subnet}`, one])).values()];
    const containers = [...new Map(lost.map((one) => [one.containerAddress, one])).values()];
    return found({
      detail: { flow, networks, changes: containers.flatMap((one) => correct(view.network, one)) },
      explains: idsOf(lost),
      because: distinctObservations([
        ...networks.flatMap(({ network, subnet, segment }) => [
          { kind: 'network-setting', network: network.name, setting: 'subnet', value: subnet } as const,
          onSegment(segment),
        ]),
        ...lost.flatMap((one) => unansweredArp(view, one, nextHop(view.network, one))),
      ]),
    });
  },
  explain: ({ flow: { how, network, subnet, segment, gateway, ...flow } }) =>
    `${complaint({ ...flow, network })}: ${network.name} has the subnet ${subnet}, and the LAN is ${segment.subnet}. ${
      how === 'wide'
        ? 'The container takes addresses behind the gateway for neighbours.'
        : `The gateway ${gateway} is not in that subnet.`
    }`,
  remedy: ({ networks, changes }) => [
    {
      title: 'Give the containers the prefix length of the LAN, until they are recreated',
      use: networks.every(({ how, gateway }) => how === 'wide' || gateway !== undefined) ? 'run' : 'advice',
      commands: changes,
    },
    ...networks.map(({ network, subnet, segment, how, gateway }) =>
      recreateNetwork('Recreate the network with the subnet of the LAN', network, {
        subnets: network.subnets.map((one) => {
          if (one.subnet !== subnet) return one;
          const right = { ...one, subnet: segment.subnet, gateway: gateway ?? placeholder('GATEWAY') };
          return how === 'narrow' ? { range: subnet, ...right } : right;
        }),
      }),
    ),
  ],
});

function mismatch(state: NetworkState, flow: Flow): Mismatch | undefined {
  const { network } = flow;
  const subnet = subnetOfFlow(flow);
  if (!network || subnet === undefined || !crossesParent(flow) || isLayer3(network)) return undefined;
  const segments = segmentOf(state, network).filter((one) => familyOf(one.subnet) === familyOf(subnet));
  const gateway = segments.find(({ node }) => node === state.names.gateway?.name)?.address;
  const seen = { ...flow, network, subnet, gateway };
  return tooWide(seen, segments) ?? tooNarrow(state, seen, segments);
}

type Seen = Omit<Mismatch, 'segment' | 'how'>;

/** The container takes an address behind the gateway for a neighbour: its own, or the one it sends to. */
function tooWide(flow: Seen, segments: readonly SegmentSubnet[]): Mismatch | undefined {
  const inner = segments.find((one) => isWider(flow.subnet, one.subnet));
  const far = farAddress(flow);
  const isBeyond = (address: string) => address !== '' && !segments.some((one) => contains(one.subnet, address));
  const affected = isBeyond(flow.containerAddress ?? '') || (contains(flow.subnet, far) && isBeyond(far));
  return inner && affected ? { ...flow, segment: inner, how: 'wide' } : undefined;
}

/** The gateway lies in the LAN's subnet and not in the network's. */
function tooNarrow(state: NetworkState, flow: Seen, segments: readonly SegmentSubnet[]): Mismatch | undefined {
  const { subnet } = flow;
  const outer = segments.find((one) => isWider(one.subnet, subnet));
  const gateway = flow.gateway ?? state.routing.defaults(state.names.hostName, familyOf(subnet) ?? 4)[0]?.via;
  if (!outer || gateway === undefined || contains(subnet, gateway) || !contains(outer.subnet, gateway))
    return undefined;
  return contains(subnet, farAddress(flow)) ? undefined : { ...flow, segment: outer, how: 'narrow', gateway };
}

/** The right subnet route, and where the gateway was left out the right gateway. */
function correct(state: NetworkState, one: Mismatch): readonly Change[] {
  const { container, containerAddress = '', subnet, segment, how, gateway } = one;
  const name = container?.name ?? '';
  const device = ownDevice(state, one);
  const family = familyOf(subnet) ?? 4;
  const source = family === 6 ? undefined : containerAddress;
  const right = { destination: segment.subnet, family, device, source };
  const wrong = { destination: subnet, family, device };
  const add = { kind: 'route', on: name, do: 'replace', route: right } as const;
  if (how === 'wide') return [add, { kind: 'route', on: name, do: 'delete', route: wrong, was: { ...wrong, source } }];
  const was = state.routing.defaults(name, family)[0]?.via;
  const route = { destination: 'default', family, via: gateway ?? placeholder('GATEWAY'), device };
  return [add, { kind: 'route', on: name, do: 'replace', route, was: was ? { ...route, via: was } : undefined }];
}

/** The address that the container sends ARP requests for. */
function nextHop({ routing }: NetworkState, one: Mismatch): string | undefined {
  if (one.how === 'wide') return farAddress(one);
  return routing.defaults(one.container?.name, familyOf(one.subnet) ?? 4)[0]?.via;
}

import { familyOf } from '../../../ip.js';
import type { NetworkState } from '../../../network/network-state.js';
import { placeholder } from '../../../shell.js';
import { defineCause, found } from '../../cause.js';
import { complaint, failing, farAddress, idsOf, ownDevice, telling } from '../../flow-questions.js';
import { distinctObservations } from '../../observation.js';
import type { Change } from '../../remedies/change.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import { subnetOnSegment } from '../../symptoms/segment-addresses.js';
import { unansweredArp } from '../../symptoms/wire.js';
import { prefixMismatch, type PrefixMismatch } from '../../symptoms/prefix-mismatch.js';

export const wrongPrefixLength = defineCause({
  id: 'wrong-prefix-length',
  title: 'The prefix length of the network differs from that of the LAN',
  layer: 'address',
  kind: 'fault',
  hop: 'container-route',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'links', 'routes'],
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
    const lost = failing(view.flows).flatMap((flow) => prefixMismatch(view.network, flow) ?? []);
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
          subnetOnSegment(segment),
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
      changes: changes,
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

/** The right subnet route, and where the gateway was left out the right gateway. */
function correct(state: NetworkState, one: PrefixMismatch): readonly Change[] {
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
function nextHop({ routing }: NetworkState, one: PrefixMismatch): string | undefined {
  if (one.how === 'wide') return farAddress(one);
  return routing.defaults(one.container?.name, familyOf(one.subnet) ?? 4)[0]?.via;
}

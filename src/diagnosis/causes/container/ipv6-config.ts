import type { NetworkFact } from '../../../evidence/facts.js';
import { contains, familyOf, prefixLength } from '../../../ip.js';
import type { NetworkState } from '../../../network/network-state.js';
import { isLayer3 } from '../../../network/networks.js';
import { placeholder } from '../../../shell.js';
import { defineCause, found } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, failing, idsOf, lacksItsAddress, seenByTarget, telling } from '../../flow-questions.js';
import type { Observation } from '../../observation.js';
import type { Change } from '../../remedies/change.js';
import { recreateNetwork } from '../../remedies/create-network.js';

/** A flow over IPv6 of a container without it. */
interface WithoutIpv6 extends Flow {
  /** The link IPv6 is turned off on; absent where Docker never gave the container an address. */
  readonly device: string | undefined;
  /** Networks of the container, by name. */
  readonly on: readonly string[];
}

export const ipv6Config = defineCause({
  id: 'ipv6-config',
  title: 'The container has no IPv6',
  layer: 'container',
  kind: 'fault',
  hop: 'container-route',
  appliesTo: ['ipvlan', 'macvlan', 'bridge'],
  needs: ['nodes', 'networks', 'containers', 'links', 'sysctls'],
  background: `
    A network has IPv6 only when it was created with --ipv6 and an IPv6 subnet. On any other network Docker sets disable_ipv6
    in the containers, so that router advertisements on the LAN give them no address either. An image, or --sysctl, may turn
    IPv6 off too. Programs then say "Network is unreachable" or "Cannot assign requested address", while IPv4 works.`,
  see: ['https://docs.docker.com/engine/daemon/ipv6/', 'https://docs.docker.com/engine/network/drivers/ipvlan/'],

  detect({ flows, network }) {
    const lost = failing(flows).flatMap(
      (flow) => withoutIpv6(network, flow) ?? withoutIpv6(network, seenByTarget(network, flow)) ?? [],
    );
    const flow = telling(lost);
    if (!flow) return undefined;
    const containers = [...new Map(lost.map((one) => [one.container?.name ?? '', one])).values()];
    const without = network.names.networks.filter(
      ({ name, subnets }) => containers.some((one) => one.on.includes(name)) && !subnets.some(isIpv6),
    );
    return found({
      detail: { flow, containers, without },
      explains: idsOf(lost),
      because: containers.map(observation),
    });
  },
  explain: ({ flow }) =>
    flow.device === undefined
      ? `${flow.container?.name} cannot reach ${flow.to.label}: it has no IPv6 address, because its network ${flow.on.join(' and ')} has no IPv6 subnet.`
      : `${complaint(flow)}: IPv6 is turned off on ${flow.device} inside the container.`,
  remedy: ({ containers, without }) => {
    const off = containers.filter(({ device }) => device !== undefined);
    return [
      {
        title: 'Turn IPv6 on inside the container, and add its address and route again',
        use: off.length > 0 ? 'run' : 'advice',
        changes: off.map(turnOn),
      },
      ...without.map((network) =>
        recreateNetwork('Recreate the network with an IPv6 subnet beside the IPv4 one', network, {
          ipv6: true,
          subnets: [...network.subnets, { subnet: placeholder('IPV6_SUBNET'), gateway: undefined }],
        }),
      ),
    ];
  },
});

function withoutIpv6(state: NetworkState, flow: Flow | undefined): WithoutIpv6 | undefined {
  const container = flow?.container;
  if (!flow || !container || familyOf(flow.to.address) !== 6) return undefined;
  const on = container.attachments.map(({ network }) => network);
  if (flow.containerAddress === undefined) {
    const own = state.names.networks.filter(({ name }) => on.includes(name));
    const none = flow.outbound && own.length > 0 && !own.some(({ subnets }) => subnets.some(isIpv6));
    return none ? { ...flow, device: undefined, on } : undefined;
  }
  const device = deviceWithoutIpv6(state, container.name);
  return device !== undefined && lacksItsAddress(state, flow) ? { ...flow, device, on } : undefined;
}

/** The first link of a container that IPv6 is turned off on. */
function deviceWithoutIpv6({ links, routing }: NetworkState, container: string): string | undefined {
  const isOff = (name: string) => routing.sysctl(container, `net.ipv6.conf.${name}.disable_ipv6`) === '1';
  return links.of(container)?.find(({ name }) => name !== 'lo' && (isOff(name) || isOff('all')))?.name;
}

function observation({ container, device, on: networks }: WithoutIpv6): Observation {
  const node = container?.name ?? '';
  return device === undefined
    ? { kind: 'no-ipv6-address', node, networks }
    : { kind: 'sysctl', node, name: `net.ipv6.conf.${device}.disable_ipv6`, value: '1' };
}

function turnOn({ container, containerAddress = '', network, device = 'eth0' }: WithoutIpv6): Change {
  const subnet = network?.subnets.find((one) => contains(one.subnet, containerAddress));
  return {
    ...({ kind: 'container-address', on: container?.name ?? '', device, enableIpv6: true } as const),
    address: `${containerAddress}/${prefixLength(subnet?.subnet ?? '::/64')}`,
    via: isLayer3(network) ? undefined : subnet?.gateway,
  };
}

function isIpv6({ subnet }: NetworkFact['subnets'][number]): boolean {
  return familyOf(subnet) === 6;
}

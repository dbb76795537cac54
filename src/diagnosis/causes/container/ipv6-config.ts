import type { NetworkFact } from '../../../evidence/facts.js';
import { contains, prefixLength } from '../../../ip.js';
import { isLayer3 } from '../../../network/networks.js';
import { defineCause, found } from '../../cause.js';
import { complaint, idsOf, telling } from '../../flow-questions.js';
import type { Change } from '../../remedies/change.js';
import { fromAdvertisements, lanSubnet, withIpv6Subnet, type OnNetwork } from '../../remedies/with-ipv6.js';
import { advertisedTo } from '../../symptoms/advertised.js';
import { flowsWithoutIpv6, isIpv6, withoutIpv6Seen, type WithoutIpv6 } from '../../symptoms/without-ipv6.js';

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

  detect(view) {
    const lost = flowsWithoutIpv6(view).filter((flow) => advertisedTo(view, flow) === undefined);
    const flow = telling(lost);
    if (!flow) return undefined;
    const containers = [...new Map(lost.map((one) => [one.container?.name ?? '', one])).values()];
    const without = view.network.names.networks.filter(
      ({ name, subnets }) => containers.some((one) => one.on.includes(name)) && !subnets.some(isIpv6),
    );
    return found({
      detail: {
        ...{ flow, containers, engine: view.network.names.engine },
        without: without.map((one) => ({ network: one, lan: lanSubnet(view.network, one) })),
      },
      explains: idsOf(lost),
      because: containers.map(withoutIpv6Seen),
    });
  },
  explain: ({ flow }) =>
    flow.device === undefined
      ? `${flow.container?.name} cannot reach ${flow.to.label}: it has no IPv6 address, because its network ${flow.on.join(' and ')} has no IPv6 subnet.`
      : `${complaint(flow)}: IPv6 is turned off on ${flow.device} inside the container.`,
  remedy: ({ containers, without, engine }) => {
    const off = containers.filter(({ device }) => device !== undefined);
    const title = 'Turn IPv6 on inside the container, and add its address and route again';
    const onLan = without.map(({ network }) => network).filter(takesAdvertisements);
    const advertised = containers.flatMap((one) => onNetworks(one, onLan));
    return [
      ...(off.length > 0 ? [{ title, use: 'run' as const, changes: off.map(turnOn) }] : []),
      ...without.map(({ network, lan }) => withIpv6Subnet(network, lan)),
      ...(advertised.length > 0
        ? [
            fromAdvertisements(advertised, {
              engine,
              title: 'If the router sends router advertisements, let the container take its address from them',
            }),
          ]
        : []),
    ];
  },
});

/** In L3, and on a bridge, no advertisement of the LAN reaches a container. */
function takesAdvertisements(network: NetworkFact): boolean {
  return network.driver !== 'bridge' && network.parent !== undefined && !isLayer3(network);
}

function onNetworks({ container, device }: WithoutIpv6, networks: readonly NetworkFact[]): readonly OnNetwork[] {
  if (!container || device !== undefined) return [];
  return container.attachments
    .filter(({ network }) => networks.some(({ name }) => name === network))
    .map(({ network, addresses: [address] }) => ({ container: container.name, network, address }));
}

function turnOn({ container, containerAddress = '', network, device = 'eth0' }: WithoutIpv6): Change {
  const subnet = network?.subnets.find((one) => contains(one.subnet, containerAddress));
  return {
    ...({ kind: 'container-address', on: container?.name ?? '', device, enableIpv6: true } as const),
    address: `${containerAddress}/${prefixLength(subnet?.subnet ?? '::/64')}`,
    via: isLayer3(network) ? undefined : subnet?.gateway,
  };
}

import { defineCause, found, type Remedy } from '../../cause.js';
import { complaint, idsOf, telling } from '../../flow-questions.js';
import { distinctObservations } from '../../observation.js';
import type { Change } from '../../remedies/change.js';
import { fromAdvertisements, lanSubnet, withIpv6Subnet } from '../../remedies/with-ipv6.js';
import { advertisedTo, type Advertised } from '../../symptoms/advertised.js';
import { deviceWithoutIpv6, disableIpv6, flowsWithoutIpv6, type WithoutIpv6 } from '../../symptoms/without-ipv6.js';

/** A flow of a container without IPv6, beside the advertisement that could give it an address. */
interface Unadvertised extends Advertised {
  readonly flow: WithoutIpv6;
  readonly container: string;
  /** IPv4, as Docker gave it. */
  readonly address: string | undefined;
  /** The link in the container that IPv6 is turned off on; absent where that was not seen. */
  readonly device: string | undefined;
}

export const slaacNotForStaticNetwork = defineCause({
  id: 'slaac-not-for-static-network',
  title: 'The LAN hands out IPv6 by router advertisement, and Docker turns IPv6 off in the container',
  layer: 'container',
  kind: 'fault',
  hop: 'container-route',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'containers', 'links', 'routes', 'sysctls'],
  background: `
    A machine on the LAN takes its IPv6 address and its routes from router advertisements (SLAAC). Docker gives a container only
    addresses of its network's own subnets. Where the network has no IPv6 subnet, Docker Engine 26.1 and later turn IPv6 off on the
    container's link (disable_ipv6), so that it takes none from advertisements either. Smart-home bridges for Matter and Thread
    then find no device. The network needs an IPv6 subnet, or, from Docker Engine 27 on, the container's link a sysctl of its own.`,
  see: [
    'https://docs.docker.com/engine/network/drivers/macvlan/',
    'https://github.com/moby/moby/issues/52815',
    'https://github.com/moby/moby/commit/57dd56726a5bb581b09661929927aa443d530b69',
  ],

  reproduced: { by: 'scenario' },

  detect(view) {
    const { network } = view;
    const all = flowsWithoutIpv6(view).flatMap((flow): Unadvertised[] => {
      const seen = advertisedTo(view, flow);
      const { container } = flow;
      if (!seen || !container) return [];
      const attached = container.attachments.find((one) => one.network === seen.network.name);
      const device = deviceWithoutIpv6(network, container.name);
      return [{ ...seen, flow, container: container.name, address: attached?.addresses[0], device }];
    });
    const flow = telling(all.map((one) => one.flow));
    const first = all.find((one) => one.flow === flow);
    if (!flow || !first) return undefined;
    const each = [...new Map(all.map((one) => [one.container, one])).values()];
    const networks = [...new Map(each.map((one) => [one.network.name, one.network])).values()];
    return found({
      about: flow,
      detail: {
        ...{ first, each, engine: network.names.engine },
        networks: networks.map((one) => ({ network: one, lan: lanSubnet(network, one) })),
      },
      explains: idsOf(all.map((one) => one.flow)),
      because: distinctObservations(
        each.flatMap((one) => [
          { kind: 'no-ipv6-address' as const, node: one.container, networks: one.flow.on },
          ...(one.device === undefined
            ? []
            : [{ kind: 'sysctl' as const, node: one.container, name: disableIpv6(one.device), value: '1' }]),
          one.seen,
        ]),
      ),
    });
  },
  explain: ({ first: { flow, container, network, parent } }) =>
    `${complaintOf(flow, container)}: a router advertises IPv6 on ${parent}, but the network ${network.name} has no IPv6 subnet, so Docker turns IPv6 off in ${container}.`,
  remedy: ({ each, networks, engine }) => [
    ...turnedOn(each),
    ...networks.map(({ network, lan }) => withIpv6Subnet(network, lan)),
    fromAdvertisements(
      each.map(({ container, network, address }) => ({ container, network: network.name, address })),
      { engine, title: 'Let the container take its address from the advertisements' },
    ),
  ],
});

/** A container without an IPv6 address: only its name says who it is. */
function complaintOf(flow: WithoutIpv6, container: string): string {
  return flow.containerAddress === undefined ? `${container} cannot reach ${flow.to.label}` : complaint(flow);
}

/** What the running container can do at once; with a recreated container it is gone. */
function turnedOn(each: readonly Unadvertised[]): readonly Remedy[] {
  const changes = each.flatMap(({ container, device }): Change[] =>
    device === undefined
      ? []
      : [{ kind: 'sysctl', on: container, name: `net/ipv6/conf/${device}/disable_ipv6`, value: 0, was: 1 }],
  );
  const title =
    'Turn IPv6 on inside the container, until it is recreated: it takes an address from the next advertisement';
  return changes.length === 0 ? [] : [{ title, use: 'run', changes }];
}

import { contains, familyOf } from '../../../ip.js';
import { isDefault } from '../../../network/default-route.js';
import type { NetworkState } from '../../../network/network-state.js';
import { isLayer3 } from '../../../network/networks.js';
import { gatewayAddresses, routerIn } from '../../../network/routers.js';
import { placeholder } from '../../../shell.js';
import { cannotTell, defineCause, found } from '../../cause.js';
import type { Flow } from '../../flow.js';
import {
  complaint,
  crossesParent,
  failing,
  farAddress,
  idsOf,
  lacksItsAddress,
  subnetOfFlow,
  telling,
} from '../../flow-questions.js';
import { recreateNetwork, withGateway } from '../../remedies/create-network.js';

export const noGatewayConfigured = defineCause({
  id: 'no-gateway-configured',
  title: 'The container has no default route',
  layer: 'container',
  kind: 'fault',
  hop: 'container-route',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'routes', 'rules'],
  background: `
    From Docker 29 on, Docker guesses no gateway for macvlan and IPvlan L2: a network created without --gateway gives its
    containers no default route. They reach their own subnet. For everything else they say "Network is unreachable".`,
  see: ['https://github.com/moby/moby/pull/50929', 'https://docs.docker.com/engine/network/drivers/ipvlan/'],

  detect({ flows, network }) {
    const withoutRoute = failing(flows).filter(
      (flow) => crossesParent(flow) && flow.network?.internal === false && hasNoRoute(network, flow),
    );
    // A container that lost its address lost its routes too, and its links show that.
    const lost = withoutRoute.filter(({ container }) => network.links.of(container?.name) !== undefined);
    const flow = telling(lost);
    if (!flow)
      return withoutRoute.length === 0
        ? undefined
        : cannotTell({
            missing: `the links of ${telling(withoutRoute)?.container?.name}: without its address it has no routes`,
            explains: idsOf(withoutRoute),
          });
    const routes = [...new Map(lost.map((one) => [one.container?.name ?? '', defaultFor(network, one)])).entries()];
    return found({
      detail: { flow, routes, router: routerFor(network, flow) },
      explains: idsOf(lost),
      because: routes.map(([node]) => ({ kind: 'no-default-route', node })),
    });
  },
  explain: ({ flow }) =>
    `${complaint(flow)}: the container has no default route, so it reaches its own subnet and nothing else.`,
  remedy: ({ flow, routes, router }) => [
    {
      title: 'Give the container a default route, until it is recreated',
      use: routes.every(([, next]) => next !== undefined) ? 'run' : 'advice',
      changes: routes.map(([name, next]) => {
        const family = next?.via === undefined ? 4 : (familyOf(next.via) ?? 4);
        const route = { destination: 'default', family, ...(next ?? { via: placeholder('GATEWAY') }) };
        return { kind: 'route', on: name, do: 'replace', route };
      }),
    },
    ...(isLayer3(flow.network) || !flow.network
      ? []
      : [
          recreateNetwork('Recreate the network with its gateway', flow.network, {
            subnets: withGateway(flow.network, flow.containerAddress, router),
          }),
        ]),
  ],
});

/** The container's own lookup of the far end finds nothing, or a default route that forbids. */
function hasNoRoute(state: NetworkState, flow: Flow): boolean {
  const { routing } = state;
  const [name, far] = [flow.container?.name, farAddress(flow)];
  const hop = far === '' ? undefined : routing.lookup(name, { destination: far, source: flow.containerAddress });
  if (!hop || routing.defaults(name, familyOf(far) ?? 4).length > 0) return false;
  if (lacksItsAddress(state, flow) || (!isLayer3(flow.network) && isRouterOutside(state, flow))) return false;
  if (hop.kind === 'blocked') return 'destination' in hop.by && isDefault({ ...hop.by, type: 'unicast' });
  return hop.kind === 'none';
}

/** The router is known and is not in the network's subnet: then the subnet is wrong, and no default route would help. */
function isRouterOutside(state: NetworkState, { network, containerAddress = '' }: Flow): boolean {
  const own = gatewayAddresses(state).filter((address) => familyOf(address) === familyOf(containerAddress));
  const given = network?.subnets.some(({ gateway: one }) => one !== undefined) ?? false;
  const inside = own.some((address) => network?.subnets.some(({ subnet }) => contains(subnet, address)));
  return own.length > 0 && !given && !inside;
}

/** The router's address in the flow's subnet; the network's own gateway where no other is known. */
function routerFor(state: NetworkState, flow: Flow): string | undefined {
  const via = defaultFor(state, flow)?.via;
  const subnet = subnetOfFlow(flow);
  return via ?? (subnet === undefined ? undefined : routerIn(state, subnet));
}

/** What a default route leads to: a next hop, or a link. */
interface Next {
  readonly via?: string;
  readonly device?: string;
}

/** `dev eth0` in L3, where the host routes everything; in L2 `via` the gateway, if one lies in the network. */
function defaultFor({ names, routing }: NetworkState, flow: Flow): Next | undefined {
  const { container, network, containerAddress = '' } = flow;
  if (isLayer3(network)) {
    const own = routing
      .routes(container?.name)
      ?.find(({ table, device, destination }) => table === 'main' && device && contains(destination, containerAddress));
    return { device: own?.device ?? 'eth0' };
  }
  const candidates = [
    ...(names.gateway?.addresses ?? []),
    ...(network?.subnets ?? []).flatMap(({ gateway }) => gateway ?? []),
  ];
  const via = candidates.find(
    (address) =>
      familyOf(address) === familyOf(containerAddress) &&
      network?.subnets.some(({ subnet }) => contains(subnet, address)),
  );
  return via === undefined ? undefined : { via };
}

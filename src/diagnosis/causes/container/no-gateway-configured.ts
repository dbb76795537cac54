import { bare, contains, familyOf } from '../../../ip.js';
import { defaultRoutes, isDefault } from '../../../network/default-route.js';
import { lookup } from '../../../network/fib.js';
import { placeholder, sh } from '../../../shell.js';
import { cannotTell, defineCause, found, on, type View } from '../../cause.js';
import { recreateNetwork, withGateway } from '../../remedies/create-network.js';
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
import { isLayer3 } from '../../../network/networks.js';
import { fibOf, nodeOfKind } from '../../reading.js';
import { routerIn } from '../../../network/routers.js';

type Needs = 'nodes' | 'networks' | 'routes' | 'rules';
type Seen = View<Needs, 'links'>;

export const noGatewayConfigured = defineCause({
  id: 'no-gateway-configured',
  title: 'The container has no default route',
  layer: 'container',
  kind: 'fault',
  hop: 'container-route',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'routes', 'rules'],
  uses: ['links'],
  background: `
    From Docker 29 on no gateway is guessed for macvlan and IPvlan L2: a network created without --gateway gives its
    containers no default route. They reach their own subnet, and for everything else say "Network is unreachable".`,
  see: ['https://github.com/moby/moby/pull/50929', 'https://docs.docker.com/engine/network/drivers/ipvlan/'],

  detect(view) {
    const stranded = failing(view.flows).filter(
      (flow) => crossesParent(flow) && flow.network?.internal === false && hasNoWay(view, flow),
    );
    // With an address its routes go too, and that would show on its links.
    const lost = stranded.filter(({ container }) => view.links?.[container?.name ?? ''] !== undefined);
    const flow = telling(lost);
    if (!flow)
      return stranded.length === 0
        ? undefined
        : cannotTell({
            missing: `the links of ${telling(stranded)?.container?.name}: without its address it has no routes`,
            explains: idsOf(stranded),
          });
    const ways = [...new Map(lost.map((one) => [one.container?.name ?? '', wayFor(view, one)])).entries()];
    return found({
      detail: { flow, ways, router: routerFor(view, flow) },
      explains: idsOf(lost),
      because: ways.map(([name]) => `${name}: it has no default route (ip route).`),
    });
  },
  explain: ({ flow }) =>
    `${complaint(flow)}: the container has no default route, so that nothing outside its own subnet is in its reach.`,
  remedy: ({ flow, ways, router }) => [
    {
      title: 'Give the container a default route, until it is made anew',
      use: ways.every(([, way]) => way !== undefined) ? 'run' : 'advice',
      commands: ways.map(([name, way]) =>
        on(
          name,
          sh`ip route replace default ${way ? [way.by, way.name] : sh`via ${placeholder('GATEWAY')}`}`,
          sh`ip route del default`,
        ),
      ),
    },
    ...(isLayer3(flow.network) || !flow.network
      ? []
      : [
          recreateNetwork('For good: recreate the network with its gateway', flow.network, {
            subnets: withGateway(flow.network, flow.containerAddress, router),
          }),
        ]),
  ],
});

/** The container's own lookup of the far end finds nothing, or a default that forbids. */
function hasNoWay(view: Seen, flow: Flow): boolean {
  const fib = fibOf(flow.container?.name ?? '', view);
  const far = farAddress(flow);
  if (!fib || far === '' || defaultRoutes(fib.routes, familyOf(far) ?? 4).length > 0) return false;
  if (lacksItsAddress(view.network, flow) || (!isLayer3(flow.network) && hasNoGateway(view, flow))) return false;
  const hop = lookup(fib, { destination: far, source: flow.containerAddress });
  if (hop.kind === 'blocked') return 'destination' in hop.by && isDefault({ ...hop.by, type: 'unicast' });
  return hop.kind === 'none';
}

/** The gateway is known and lies outside the network: then its subnet is wrong, and no default route would help. */
function hasNoGateway({ nodes, links }: Seen, { network, containerAddress = '' }: Flow): boolean {
  const gateway = nodeOfKind(nodes, 'gateway');
  const all = [
    ...(gateway?.addresses ?? []),
    ...(links?.[gateway?.name ?? ''] ?? []).flatMap((link) => link.addresses.map(bare)),
  ];
  const own = all.filter((address) => familyOf(address) === familyOf(containerAddress));
  const given = network?.subnets.some(({ gateway: one }) => one !== undefined) ?? false;
  const inside = own.some((address) => network?.subnets.some(({ subnet }) => contains(subnet, address)));
  return own.length > 0 && !given && !inside;
}

/** The router's address in the flow's subnet; Docker's own answer for it where nothing else is known. */
function routerFor(view: Seen, flow: Flow): string | undefined {
  const way = wayFor(view, flow);
  const subnet = subnetOfFlow(flow);
  return way?.by === 'via' ? way.name : subnet === undefined ? undefined : routerIn(view.network, subnet);
}

/** What a default route leads to. */
interface Way {
  readonly by: 'dev' | 'via';
  readonly name: string;
}

/** `dev eth0` in L3, where everything is handed to the host; in L2 `via` the gateway, if one lies in the network. */
function wayFor({ nodes, routes }: View<Needs>, { container, network, containerAddress = '' }: Flow): Way | undefined {
  if (isLayer3(network)) {
    const own = routes[container?.name ?? '']?.find(
      ({ table, device, destination }) => table === 'main' && device && contains(destination, containerAddress),
    );
    return { by: 'dev', name: own?.device ?? 'eth0' };
  }
  const candidates = [
    ...(nodeOfKind(nodes, 'gateway')?.addresses ?? []),
    ...(network?.subnets ?? []).flatMap(({ gateway }) => gateway ?? []),
  ];
  const gateway = candidates.find(
    (address) =>
      familyOf(address) === familyOf(containerAddress) &&
      network?.subnets.some(({ subnet }) => contains(subnet, address)),
  );
  return gateway === undefined ? undefined : { by: 'via', name: gateway };
}

import type { Route, Rule } from '../../../evidence/facts.js';
import { contains, familyOf, overlap, prefixLength, subnetOf } from '../../../ip.js';
import { lookup } from '../../../network/fib.js';
import type { NetworkState } from '../../../network/network-state.js';
import { placeholder } from '../../../shell.js';
import { defineCause, found } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, crossesParent, failing, idsOf, subnetsOf, telling } from '../../flow-questions.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import type { RouteChange } from '../../remedies/changes/route.js';
import { mainTableFirst } from '../../remedies/main-table-first.js';

export const hostRouteOverlapsContainerSubnet = defineCause({
  id: 'host-route-overlaps-container-subnet',
  title: "The host's route to the containers' subnet uses another interface",
  layer: 'host-route',
  kind: 'fault',
  hop: 'host-route',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'links', 'routes', 'rules'],
  background: `
    A VPN, a bridge or a leftover static route on the host claims the containers' addresses. Packets between the containers
    and the LAN or the internet do not use that route. Only the host's own packets to its containers use it, and its replies
    to them. So everything works except host and containers, in both directions. Docker does not prevent it: its address
    management knows its own networks only.`,
  see: [
    'https://docs.docker.com/engine/network/drivers/ipvlan/',
    'https://man7.org/linux/man-pages/man8/ip-route.8.html',
  ],

  detect({ flows, network }) {
    const lost = failing(flows).filter(
      (flow) => crossesParent(flow) && flow.peer === 'host' && overlapping(network, flow) !== undefined,
    );
    const flow = telling(lost);
    const route = flow && overlapping(network, flow);
    if (!flow || !route) return undefined;
    const host = network.names.hostName;
    const rule = ruleTo(network, route, flow);
    // The host's replies to others on its LAN take the same route.
    const others = failing(flows).filter((one) => takesToo(network, one, route));
    const addresses = [...new Set(lost.flatMap(({ containerAddress }) => containerAddress ?? []))];
    return found({
      detail: {
        ...{ flow, host, route, rule, subnets: subnetsOf(lost), lan: lanOf(network, flow) },
        narrower: addresses.flatMap((to) => routeWithout(network, to, route) ?? []),
      },
      explains: idsOf([...lost, ...others]),
      because: [
        {
          ...{ kind: 'route-elsewhere', node: host, destination: flow.containerAddress ?? '' },
          ...{ device: route.device, subnet: route.destination, expected: flow.network?.parent ?? '' },
        },
        ...(rule ? [{ kind: 'policy-rule', node: host, rule } as const] : []),
      ],
    });
  },
  explain: ({ flow, route, rule, subnets }) =>
    rule
      ? `${complaint(flow)}: policy rule ${rule.priority} of the Docker host looks up table ${route.table} first, whose route to ${route.destination} uses ${route.device}.`
      : `${complaint(flow)}: the Docker host's route to ${route.destination} uses ${route.device}, and overlaps ${subnets.join(' and ')}, where its containers are.`,
  remedy: ({ flow, host, route, rule, lan, narrower }) => {
    if (rule) return mainTableFirst(host, { route, rule, lan });
    return [
      {
        title: 'Add a narrower route to the containers, as the host would have without the other one',
        use: narrower.length > 0 ? 'run' : 'advice',
        commands: narrower,
      },
      ...(flow.network
        ? [
            recreateNetwork(
              `For good: give one of the two another subnet; ${route.device} has ${route.destination}`,
              flow.network,
              {
                subnets: flow.network.subnets.map((one) =>
                  overlap(one.subnet, route.destination)
                    ? { subnet: placeholder('ANOTHER_SUBNET'), gateway: undefined }
                    : one,
                ),
              },
            ),
          ]
        : []),
    ];
  },
});

/** A route that is about these addresses, unlike a default route or the halves VPN clients make of it. */
const DEFAULT_HALVES = 1;

/** A link of the same driver on the parent is a shim, the host's own way to its containers. */
function overlapping(
  { routing, links, names }: NetworkState,
  { containerAddress = '', network }: Flow,
): Route | undefined {
  const hop = routing.lookup(names.hostName, { destination: containerAddress });
  if ((hop?.kind !== 'via' && hop?.kind !== 'on-link') || hop.device === network?.parent) return undefined;
  if (links.link(names.hostName, hop.device)?.kind === network?.driver) return undefined;
  return prefixLength(hop.route.destination) > DEFAULT_HALVES ? hop.route : undefined;
}

/** The route to a container were the other one not there; `undefined` unless it uses a router. */
function routeWithout({ routing, names }: NetworkState, address: string, route: Route): RouteChange | undefined {
  const { routes = [], rules = [] } = routing.fib(names.hostName) ?? {};
  const hop = lookup({ rules, routes: routes.filter((one) => one !== route) }, { destination: address });
  if (hop.kind !== 'via') return undefined;
  const family = familyOf(address) ?? 4;
  const destination = `${address}/${family === 6 ? 128 : 32}`;
  return {
    kind: 'route',
    on: names.hostName,
    do: 'replace',
    route: { destination, family, via: hop.gateway, device: hop.device },
  };
}

/** The policy rule that looks up the route's table; `undefined` for a route of the main table. */
function ruleTo({ routing, names }: NetworkState, route: Route, { containerAddress = '' }: Flow): Rule | undefined {
  if (route.table === 'main') return undefined;
  const own = (routing.rules(names.hostName) ?? []).filter(
    ({ table, family }) => table === route.table && family === familyOf(containerAddress),
  );
  return [...own].sort((a, b) => a.priority - b.priority)[0];
}

/** Whether a flow between the host and a machine without a container takes the very route, in either direction. */
function takesToo({ routing, names }: NetworkState, { container, from, to }: Flow, route: Route): boolean {
  const host = names.hostName;
  const far = from.node?.name === host ? to : to.node?.name === host ? from : undefined;
  if (container !== undefined || far === undefined || far.address === '') return false;
  const hop = routing.lookup(host, { destination: far.address });
  return hop !== undefined && 'route' in hop && hop.route === route;
}

/** What the containers have in common with the parent: its subnet where they live in it, else their own. */
function lanOf({ links, names }: NetworkState, flow: Flow): string {
  const { containerAddress = '', network } = flow;
  const parent = links.link(names.hostName, network?.parent);
  const lan = parent?.addresses.map(subnetOf).find((subnet) => contains(subnet, containerAddress));
  return lan ?? subnetsOf([flow])[0] ?? containerAddress;
}

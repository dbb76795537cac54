import type { NodeFact } from '../../../evidence/facts.js';
import type { NextHop } from '../../../network/fib.js';
import type { NetworkState } from '../../../network/network-state.js';
import { defineCause, found, ruledOut } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, crossesParent, failing, idsOf, subnetOfFlow, subnetsOf, telling } from '../../flow-questions.js';
import type { Observation } from '../../observation.js';
import { onOtherGateways } from '../../remedies/other-gateways.js';
import { forbiddingRoute, addReturnRoute, routeViaHost, type StaticRoute } from '../../remedies/static-route.js';
import { gatewayAddressFor, requestsSeen, RETURN_ROUTE_NEEDS, returningFlows } from '../../symptoms/return-routes.js';
import { isUnseenRouter, perSubnet, routedSubnets } from '../../hypotheses/router.js';
import { unansweredByRouter, routeLookup } from '../../symptoms/router-looks.js';
import { droppedSubnets } from '../../symptoms/reverse-path-drops.js';

interface Detail {
  readonly gateway: string;
  readonly gatewayAddress: string;
  /** Routes the gateway lacks, one for each subnet; what forbids a part of it is one of its own. */
  readonly routes: readonly StaticRoute[];
  readonly flow: Flow | undefined;
}

export const gatewayMissingReturnRoute = defineCause({
  id: 'gateway-missing-return-route',
  title: 'The router has no route to the container subnet',
  layer: 'gateway',
  kind: 'fault',
  hop: 'gateway-route-back',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: RETURN_ROUTE_NEEDS,
  background: `
    Containers on an IPvlan L3 network are in subnets that exist only behind the Docker host. Their packets reach the router
    and the internet. The router has no route to the container subnet, so it sends the replies along its default route to
    the internet, where they are lost. Containers still reach each other, and the host reaches everything, so the host
    seems to block the traffic. The router needs one static route for each container subnet, with the Docker host's
    address as the next hop.`,
  see: ['https://docs.docker.com/engine/network/drivers/ipvlan/', 'https://docs.kernel.org/networking/ipvlan.html'],

  hypothesis: {
    scopes: (view, around) => (isUnseenRouter(view, around) ? perSubnet(routedSubnets(view)) : []),
    assume: (around, { subnet = '' }) =>
      around.withRoutes(around.gateway, (routes) => routes.filter((one) => one.destination !== subnet)),
    // A router that asks by ARP for a next hop has a route.
    contradicted: (view) => unansweredByRouter(view).length > 0,
    unseen: ({ network }) => `the routes of ${network.names.gateway?.name}`,
    test: routeLookup,
  },

  detect(view) {
    const { gateway } = view.network.names;
    if (!gateway || !failing(view.flows).some(crossesParent)) return undefined;
    const returning = returningFlows(view);
    if (!returning) return undefined;
    const dropped = droppedSubnets(view, returning);
    const lost = returning.flatMap(({ flow, route }) =>
      route.kind === 'missing' && !dropped.has(subnetOfFlow(flow)) ? [{ ...flow, hop: route.hop }] : [],
    );
    if (lost.length === 0)
      return returning.length > 0 && returning.every(({ route }) => route.kind === 'right')
        ? ruledOut(
            `${gateway.name} has a route to ${subnetsOf(returning.map(({ flow }) => flow)).join(' and ')} via the Docker host.`,
          )
        : undefined;
    const routes = distinct(lost, view.network);
    return found({
      detail: detailOf(view.network, { gateway, routes, flow: telling(lost) }),
      explains: idsOf(lost),
      // The gateway's reverse path filter decides whether it lets the requests in at all.
      confidence: wouldShowReversePath(view.network, gateway, lost) ? 'certain' : 'likely',
      because: [...routes.map((route) => lackSeen(gateway.name, route)), ...requestsSeen(view, telling(lost))],
    });
  },
  explain: ({ flow, gatewayAddress, routes }) =>
    `${flow ? complaint(flow) : ''}: the router ${gatewayAddress} has no route to ${routes.map(({ subnet }) => subnet).join(' and ')}.`,
  remedy: ({ gateway, routes }) => [
    {
      title: 'Add a static route for each container subnet to the router, with the Docker host as next hop',
      use: 'run',
      changes: routes.flatMap((route) => addReturnRoute(gateway, route)),
    },
    ...onOtherGateways(gateway, routes),
  ],
});

function detailOf(
  network: NetworkState,
  {
    gateway,
    routes,
    flow,
  }: { readonly gateway: NodeFact; readonly routes: Detail['routes']; readonly flow: Flow | undefined },
): Detail {
  return { gateway: gateway.name, gatewayAddress: flow ? gatewayAddressFor(network, flow) : '', routes, flow };
}

/** Whether the gateway's reverse path filter, by which requests come in, would have shown: its settings, its links, and requests. */
function wouldShowReversePath({ routing, links }: NetworkState, { name }: NodeFact, lost: readonly Flow[]): boolean {
  return routing.sysctls(name) !== undefined && links.of(name) !== undefined && lost.some(({ outbound }) => outbound);
}

/** One route for each subnet; what forbids a part of it is one of its own. */
function distinct(lost: readonly (Flow & { readonly hop: NextHop })[], network: NetworkState): readonly StaticRoute[] {
  const routes = lost.map((flow) => routeViaHost(network, subnetOfFlow(flow) ?? '', flow.hop));
  return [
    ...new Map(routes.map((one) => [`${one.subnet} ${forbiddingRoute(one.hop)?.destination ?? ''}`, one])).values(),
  ];
}

function lackSeen(node: string, { subnet, hop }: StaticRoute): Observation {
  const route = forbiddingRoute(hop);
  if (route) return { kind: 'forbidding-route', node, subnet, type: route.type, destination: route.destination };
  if (hop?.kind === 'blocked' && 'priority' in hop.by)
    return { kind: 'policy-rule-forbids', node, rule: hop.by, destination: subnet, verdict: hop.type };
  return { kind: 'only-default-route', node, subnet };
}

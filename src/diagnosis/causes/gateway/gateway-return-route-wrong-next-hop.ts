import type { NodeFact } from '../../../evidence/facts.js';
import { contains } from '../../../ip.js';
import type { AssumedSurroundings } from '../../../network/surroundings.js';
import { sh } from '../../../shell.js';
import { advice, defineCause, found, type Observed } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, idsOf, subnetOfFlow, telling } from '../../flow-questions.js';
import { addReturnRoute, routeViaHost } from '../../remedies/static-route.js';
import type { Supposed, TrafficPart } from '../../hypotheses/hypothesis.js';
import { isUnseenRouter, perSubnet, routedSubnets } from '../../hypotheses/router.js';
import { gatewayAddressFor, requestsSeen, RETURN_ROUTE_NEEDS, returningFlows } from '../../symptoms/return-routes.js';
import { unansweredByRouter, routeLookup } from '../../symptoms/router-looks.js';
import { droppedSubnets } from '../../symptoms/reverse-path-drops.js';
import { gatewayUnanswered, wrongRoutes, wrongRouteSeen, type WrongRoute } from '../../symptoms/wrong-return-route.js';

interface Detail {
  readonly gateway: string;
  readonly gatewayAddress: string;
  readonly routes: readonly WrongRoute[];
  readonly flow: Flow | undefined;
}

export const gatewayReturnRouteWrongNextHop = defineCause({
  id: 'gateway-return-route-wrong-next-hop',
  title: "The router's route to the container subnet has a wrong next hop",
  layer: 'gateway',
  kind: 'fault',
  hop: 'gateway-route-back',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: RETURN_ROUTE_NEEDS,
  background: `
    The router has a static route to the container subnet, and it does not lead to the Docker host. Its next hop is an old
    or mistyped address, or another machine. Or it is an on-link route: the router then asks by ARP for each container, and
    containers in L3 mode never reply to ARP. A host that gets its address by DHCP causes this when the address changes.`,
  see: ['https://docs.docker.com/engine/network/drivers/ipvlan/', 'https://docs.kernel.org/networking/ipvlan.html'],

  hypothesis: {
    scopes: (view, around) =>
      isUnseenRouter(view, around)
        ? perSubnet(routedSubnets(view)).map((scope) => ({
            ...scope,
            address: unansweredByRouter(view)[0] ?? ELSEWHERE,
          }))
        : [],
    assume: (around, scope) => leadingElsewhere(around, scope),
    named: supposedIn,
    unseen: ({ network }) => `the routes of ${network.names.gateway?.name}`,
    test: routeLookup,
  },

  detect(view) {
    const { names, routing } = view.network;
    const { gateway } = names;
    if (!gateway) return undefined;
    const returning = returningFlows(view);
    if (!returning) return undefined;
    const dropped = droppedSubnets(view, returning);
    const lost = returning.flatMap(({ flow, route }) =>
      route.kind === 'wrong' && !dropped.has(subnetOfFlow(flow)) ? [{ ...flow, hop: route.hop }] : [],
    );
    if (lost.length === 0) return undefined;
    const routes = wrongRoutes(view, lost);
    return found<Detail>({
      detail: { ...named(view, gateway, telling(lost)), routes },
      explains: idsOf(lost),
      confidence: routing.sysctls(gateway.name) ? 'certain' : 'likely',
      because: routes.flatMap((one) => wrongRouteSeen(view, one)),
    });
  },
  explain: ({ flow, gatewayAddress, routes: [one] }) =>
    `${flow ? complaint(flow) : ''}: the router ${gatewayAddress} sends packets for ${one?.subnet} to ${one?.leadsTo} instead of the Docker host ${one ? addressText(one) : ''}.`,
  remedy: ({ gateway, routes }) => [
    {
      title: "Correct the router's static routes: the next hop is the Docker host's address on the LAN",
      use: 'run',
      changes: routes.flatMap((route) => addReturnRoute(gateway, route)),
    },
    advice("Reserve the Docker host's address, so that the route stays correct", gateway, [
      sh`# DHCP server: reserve ${routes[0]?.via ?? ''} for the Docker host`,
    ]),
  ],
});

function named({ network }: Observed, { name }: Pick<NodeFact, 'name'>, flow: Flow | undefined) {
  return { gateway: name, gatewayAddress: flow ? gatewayAddressFor(network, flow) : '', flow };
}

function addressText({ via }: WrongRoute): string {
  return typeof via === 'string' ? via : '';
}

/** Stands for another machine on the LAN, of which nothing is known. */
const ELSEWHERE = '169.254.255.254';

/** The route leads to an address that no machine has, to another machine, or into the LAN itself. */
function leadingElsewhere(
  around: AssumedSurroundings,
  { subnet = '', address = ELSEWHERE }: TrafficPart,
): AssumedSurroundings {
  const { gateway } = around;
  const isOnLink = contains(subnet, address);
  const changed = around.withRoutes(gateway, (routes) =>
    routes.map((one) => (one.destination === subnet ? { ...one, via: isOnLink ? undefined : address } : one)),
  );
  return address === ELSEWHERE ? changed.withStranger(address) : changed;
}

/** Its ARP requests without a reply show the route; another machine that has the next hop shows nothing. */
function supposedIn(view: Observed, { flows, scopes }: Supposed) {
  const asked = unansweredByRouter(view);
  if (asked.length === 0) return undefined;
  const { gateway } = view.network.names;
  const routes = scopes.flatMap(({ subnet, address }) =>
    subnet === undefined
      ? []
      : [{ ...routeViaHost(view.network, subnet), hop: undefined, leadsTo: leadsToText(address) }],
  );
  return {
    detail: { ...named(view, gateway ?? { name: '' }, telling(flows)), routes },
    because: [...requestsSeen(view, telling(flows)), ...asked.map((address) => gatewayUnanswered(view, address))],
  };
}

function leadsToText(address: string | undefined): string {
  return address === undefined || address === ELSEWHERE ? 'another machine' : address;
}

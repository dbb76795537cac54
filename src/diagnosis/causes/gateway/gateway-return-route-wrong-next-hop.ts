import type { NodeFact } from '../../../evidence/facts.js';
import { contains } from '../../../ip.js';
import { hostAddressesOn } from '../../../network/segments.js';
import { sh } from '../../../shell.js';
import { advice, defineCause, found, type Observed } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, idsOf, subnetOfFlow, subnetsOf, telling } from '../../flow-questions.js';
import { addReturnRoute, routeViaHost } from '../../remedies/static-route.js';
import {
  gatewayAddressFor,
  RETURN_ROUTE_NEEDS,
  returningFlows,
  unansweredBehind,
} from '../../symptoms/return-routes.js';
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

  detect(view) {
    const { names, routing } = view.network;
    const { gateway } = names;
    if (!gateway) return undefined;
    const returning = returningFlows(view);
    if (!returning) return fromSymptoms(view, gateway);
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
      because: routes.flatMap((one) => wrongRouteSeen(view, gateway, one)),
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

function named({ network }: Observed, { name }: NodeFact, flow: Flow | undefined) {
  return { gateway: name, gatewayAddress: flow ? gatewayAddressFor(network, flow) : '', flow };
}

function addressText({ via }: WrongRoute): string {
  return typeof via === 'string' ? via : '';
}

/** Without a look at the gateway: its ARP requests for a next hop, or for the container itself, get no reply. */
function fromSymptoms(view: Observed, gateway: NodeFact) {
  const seen = unansweredBehind(gateway, view);
  const leadsTo = seen?.unansweredArp[0];
  if (!seen || leadsTo === undefined) return undefined;
  // In the LAN's own subnet every machine asks for a container by ARP, and no route is wrong.
  const shared = seen.flows.some(({ network }) =>
    hostAddressesOn(view.network, network).some((own) => network?.subnets.some(({ subnet }) => contains(subnet, own))),
  );
  if (shared) return undefined;
  const routes = subnetsOf(seen.flows).map((subnet): WrongRoute => ({
    ...routeViaHost(view.network, subnet),
    hop: undefined,
    leadsTo,
  }));
  return found<Detail>({
    detail: { ...named(view, gateway, telling(seen.flows)), routes },
    explains: idsOf(seen.flows),
    confidence: 'likely',
    because: [gatewayUnanswered(view, gateway, leadsTo)],
  });
}

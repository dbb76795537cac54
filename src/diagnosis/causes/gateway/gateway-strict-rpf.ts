import type { NodeFact } from '../../../evidence/facts.js';
import { sh } from '../../../shell.js';
import { advice, defineCause, found, type Observed } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, idsOf, subnetOfFlow, telling } from '../../flow-questions.js';
import type { Observation } from '../../observation.js';
import { onOtherGateways } from '../../remedies/other-gateways.js';
import { addReturnRoute, routeViaHost, type StaticRoute } from '../../remedies/static-route.js';
import { isUnseenRouter, perSubnet, routedSubnets } from '../../hypotheses/router.js';
import { gatewayAddressFor, RETURN_ROUTE_NEEDS, returningFlows } from '../../symptoms/return-routes.js';
import { unansweredByRouter, routeLookup } from '../../symptoms/router-looks.js';
import { reversePathDrops, type ReversePathDrop } from '../../symptoms/reverse-path-drops.js';

interface Detail {
  readonly flow: Flow;
  readonly gateway: string;
  readonly gatewayAddress: string;
  readonly dropped: readonly ReversePathDrop[];
  readonly routes: readonly StaticRoute[];
}

export const gatewayStrictRpf = defineCause({
  id: 'gateway-strict-rpf',
  title: "The router's strict reverse path filter drops the container subnet",
  layer: 'gateway',
  kind: 'fault',
  hop: 'gateway-route-back',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: RETURN_ROUTE_NEEDS,
  background: `
    A router with strict reverse path filtering (rp_filter=1, uRPF strict) looks up its own route to the sender of every
    packet. It drops a packet that came in on another interface. Without a static route to the container subnet, that route
    is the default route to the internet, so the router drops all that the containers send. From the Docker host this looks
    like a router without the return route. The difference is that no packet of the containers leaves the uplink, and that
    the router counts the drops (IPReversePathFilter). The static route fixes both. If the route back must use another
    interface, use loose filtering.`,
  see: ['https://docs.kernel.org/networking/ip-sysctl.html', 'https://datatracker.ietf.org/doc/html/rfc3704'],

  hypothesis: {
    scopes: (view, around) => (isUnseenRouter(view, around) ? perSubnet(routedSubnets(view)) : []),
    assume: (around, { subnet = '' }) =>
      around
        .withRoutes(around.gateway, (routes) => routes.filter((one) => one.destination !== subnet))
        .withSysctls(around.gateway, { 'net.ipv4.conf.all.rp_filter': '1' }),
    contradicted: (view) => unansweredByRouter(view).length > 0,
    unseen: ({ network }) => `whether ${network.names.gateway?.name} filters reverse paths`,
    test: routeLookup,
  },

  detect(view) {
    const { gateway } = view.network.names;
    if (!gateway) return undefined;
    const returning = returningFlows(view);
    if (!returning) return undefined;
    const drops = reversePathDrops(view, returning);
    const flow = telling(drops.map((one) => one.flow));
    if (!flow) return undefined;
    const bySubnet = new Map(drops.map((one) => [one.subnet, one]));
    const dropped = [...bySubnet.values()];
    return found<Detail>({
      about: flow,
      detail: {
        ...{ flow, dropped, gateway: gateway.name, gatewayAddress: gatewayAddressFor(view.network, flow) },
        routes: dropped.map(({ subnet, hop }) => routeViaHost(view.network, subnet, hop)),
      },
      explains: idsOf(returning.map((one) => one.flow).filter((one) => bySubnet.has(subnetOfFlow(one) ?? ''))),
      because: [...dropped.map((one) => filterSeen(gateway, one)), ...counted(view, gateway)],
    });
  },
  explain: ({ flow, gatewayAddress, dropped: [one] }) =>
    `${complaint(flow)}: the router ${gatewayAddress} filters reverse paths strictly, and its route to ${one?.subnet} does not use ${one?.device}, where the packets come in.`,
  remedy: ({ gateway, dropped, routes }) => [
    {
      title: 'Add a static route for each container subnet to the router, with the Docker host as next hop',
      use: 'run',
      changes: routes.flatMap((route) => addReturnRoute(gateway, route)),
    },
    advice(
      'If the route back must use another interface, set the filter to loose',
      gateway,
      [...new Set(dropped.map(({ device }) => device))].flatMap((device) => [
        sh`sysctl -w net.ipv4.conf.all.rp_filter=2 net/ipv4/conf/${device}/rp_filter=2`,
      ]),
    ),
    ...onOtherGateways(gateway, routes),
  ],
});

function filterSeen({ name }: NodeFact, { subnet, device, hop }: ReversePathDrop): Observation {
  const via = hop.kind === 'via' ? hop.gateway : undefined;
  const back = hop.kind === 'via' || hop.kind === 'on-link' ? hop.device : undefined;
  return { kind: 'strict-reverse-path', node: name, device, subnet, via, back };
}

function counted({ observed }: Observed, { name }: NodeFact): readonly Observation[] {
  const counter = 'TcpExtIPReversePathFilter';
  const packets = observed.counters(name)?.protocol[counter];
  return packets ? [{ kind: 'counter', node: name, name: counter, packets }] : [];
}

import type { Route } from '../../../evidence/facts.js';
import { overlap } from '../../../ip.js';
import { placeholder } from '../../../shell.js';
import { defineCause, found } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, crossesParent, failing, idsOf, subnetsOf, telling } from '../../flow-questions.js';
import type { Observation } from '../../observation.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import { overlappingRoute, routeWithout, usesRoute } from '../../symptoms/overlapping-route.js';

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
      (flow) => crossesParent(flow) && flow.peer === 'host' && overlappingRoute(network, flow) !== undefined,
    );
    const flow = telling(lost);
    const route = flow && overlappingRoute(network, flow);
    if (!flow || !route) return undefined;
    const host = network.names.hostName;
    // The host's replies to others on its LAN take the same route.
    const others = failing(flows).filter((one) => usesRoute(network, one, route));
    const addresses = [...new Set(lost.flatMap(({ containerAddress }) => containerAddress ?? []))];
    return found({
      detail: {
        flow,
        host,
        route,
        subnets: subnetsOf(lost),
        narrower: addresses.flatMap((to) => routeWithout(network, to, route) ?? []),
      },
      explains: idsOf([...lost, ...others]),
      because: [routeElsewhere(host, flow, route)],
    });
  },
  explain: ({ flow, route, subnets }) =>
    `${complaint(flow)}: the Docker host's route to ${route.destination} uses ${route.device}, and overlaps ${subnets.join(' and ')}, where its containers are.`,
  remedy: ({ flow, route, narrower }) => [
    {
      title: 'Add a narrower route to the containers, as the host would have without the other one',
      use: narrower.length > 0 ? 'run' : 'advice',
      changes: narrower,
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
  ],
});

function routeElsewhere(node: string, { containerAddress = '', network }: Flow, route: Route): Observation {
  return {
    kind: 'route-elsewhere',
    node,
    destination: containerAddress,
    device: route.device,
    subnet: route.destination,
    expected: network?.parent ?? '',
  };
}

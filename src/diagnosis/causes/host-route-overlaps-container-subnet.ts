import type { Route } from '../../evidence/facts.js';
import { familyOf, overlap, prefixLength } from '../../ip.js';
import { lookup, type Fib } from '../../path/fib.js';
import { placeholder, sh, type ShellCommand } from '../../shell.js';
import { defineCause, found, on, type View } from '../cause.js';
import { recreateNetwork } from '../create-network.js';
import type { Flow } from '../flow.js';
import { complaint, crossesParent, failing, fibOf, hostName, idsOf, subnetsOf, telling } from '../reading.js';

export const hostRouteOverlapsContainerSubnet = defineCause({
  id: 'host-route-overlaps-container-subnet',
  title: "A route of the host's to the containers' subnet leads elsewhere",
  layer: 'host-route',
  kind: 'fault',
  hop: 'host-route',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'links', 'routes', 'rules'],
  background: `
    A VPN, a bridge or a leftover static route on the host claims the containers' addresses. What the containers exchange with
    LAN and internet does not ask that route; only the host's own packets to them do, and its answers. So everything works
    but host and containers, in both directions. Docker does not prevent it: its address management knows its own networks only.`,
  see: [
    'https://docs.docker.com/engine/network/drivers/ipvlan/',
    'https://man7.org/linux/man-pages/man8/ip-route.8.html',
  ],

  detect(view) {
    const host = hostName(view.nodes);
    const fib = fibOf(host, view);
    if (!fib) return undefined;
    const lost = failing(view.flows).filter(
      (flow) => crossesParent(flow) && flow.peer === 'host' && overlapping(view, fib, flow) !== undefined,
    );
    const flow = telling(lost);
    const route = flow && overlapping(view, fib, flow);
    if (!flow || !route) return undefined;
    const addresses = [...new Set(lost.flatMap(({ containerAddress }) => containerAddress ?? []))];
    return found({
      detail: { flow, host, route, subnets: subnetsOf(lost), ways: addresses.map((to) => wayWithout(fib, to, route)) },
      explains: idsOf(lost),
      because: [
        `${host}: its route to ${flow.containerAddress} is ${route.destination} dev ${route.device} (ip route get ${flow.containerAddress}), not by ${flow.network?.parent}.`,
      ],
    });
  },
  explain: ({ flow, route, subnets }) =>
    `${complaint(flow)}: the Docker host's route to ${route.destination} leads to ${route.device}, and takes the place of ${subnets.join(' and ')}, where its containers are.`,
  remedy: ({ flow, host, route, ways }) => {
    const known = ways.flatMap((way) => way ?? []);
    return [
      {
        title: 'Give the host a narrower route to its containers, as it would have without the other one',
        use: known.length > 0 ? 'run' : 'advice',
        commands: known.map((way) => on(host, sh`ip route replace ${way}`, sh`ip route del ${way}`)),
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
  { links, nodes }: View<'links' | 'nodes'>,
  fib: Fib,
  { containerAddress = '', network }: Flow,
): Route | undefined {
  const hop = lookup(fib, { destination: containerAddress });
  if ((hop.kind !== 'via' && hop.kind !== 'on-link') || hop.device === network?.parent) return undefined;
  const link = links[hostName(nodes)]?.find(({ name }) => name === hop.device);
  if (link?.kind === network?.driver) return undefined;
  return prefixLength(hop.route.destination) > DEFAULT_HALVES ? hop.route : undefined;
}

/** The way to a container were the other route not there, as `ip route` takes it; by the parent only. */
function wayWithout({ routes, rules }: Fib, address: string, route: Route): ShellCommand | undefined {
  const hop = lookup({ rules, routes: routes.filter((one) => one !== route) }, { destination: address });
  const length = familyOf(address) === 6 ? 128 : 32;
  return hop.kind === 'via' ? sh`${address}/${length} via ${hop.gateway} dev ${hop.device}` : undefined;
}

import type { Route, Rule } from '../../../evidence/facts.js';
import { contains, familyOf, overlap, prefixLength, subnetOf } from '../../../ip.js';
import { lookup, type Fib } from '../../../network/fib.js';
import { placeholder, sh, type ShellCommand } from '../../../shell.js';
import { advice, defineCause, found, on, type Remedy, type View } from '../../cause.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import type { Flow } from '../../flow.js';
import { ipFor } from '../../remedies/ip-command.js';
import { complaint, crossesParent, failing, idsOf, subnetsOf, telling } from '../../flow-questions.js';
import { fibOf, hostName } from '../../reading.js';

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
    const rule = ruleTo(fib, route, flow);
    // What the host answers others of its LAN takes the same way.
    const others = failing(view.flows).filter((one) => takesToo(fib, one, { host, route }));
    const addresses = [...new Set(lost.flatMap(({ containerAddress }) => containerAddress ?? []))];
    return found({
      detail: {
        ...{ flow, host, route, rule, subnets: subnetsOf(lost) },
        lan: lanOf(view, flow),
        ways: addresses.map((to) => wayWithout(fib, to, route)),
      },
      explains: idsOf([...lost, ...others]),
      because: [
        `${host}: its route to ${flow.containerAddress} is ${route.destination} dev ${route.device} (ip route get ${flow.containerAddress}), not by ${flow.network?.parent}.`,
        ...(rule ? [`${host}: policy rule ${rule.priority} looks in table ${route.table} first (ip rule).`] : []),
      ],
    });
  },
  explain: ({ flow, route, rule, subnets }) =>
    rule
      ? `${complaint(flow)}: policy rule ${rule.priority} of the Docker host looks in table ${route.table} first, whose route to ${route.destination} leads to ${route.device}.`
      : `${complaint(flow)}: the Docker host's route to ${route.destination} leads to ${route.device}, and takes the place of ${subnets.join(' and ')}, where its containers are.`,
  remedy: ({ flow, host, route, rule, lan, ways }) => {
    if (rule) return beforeRule(host, { route, rule, lan });
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

/** The policy rule that leads to a route of another table than the main one; `undefined` for a route of the main table. */
function ruleTo({ rules }: Fib, route: Route, { containerAddress = '' }: Flow): Rule | undefined {
  if (route.table === 'main') return undefined;
  const own = rules.filter(({ table, family }) => table === route.table && family === familyOf(containerAddress));
  return [...own].sort((a, b) => a.priority - b.priority)[0];
}

/** Whether a flow between the host and a machine without a container takes the very route, there or back. */
function takesToo(fib: Fib, { container, from, to }: Flow, { host, route }: { host: string; route: Route }): boolean {
  const far = from.node?.name === host ? to : to.node?.name === host ? from : undefined;
  if (container !== undefined || far === undefined || far.address === '') return false;
  const hop = lookup(fib, { destination: far.address });
  return 'route' in hop && hop.route === route;
}

/** What the containers have in common with the parent: its subnet where they live in it, else their own. */
function lanOf({ links, nodes }: View<'links' | 'nodes'>, { containerAddress = '', network, ...flow }: Flow): string {
  const parent = links[hostName(nodes)]?.find(({ name }) => name === network?.parent);
  const lan = parent?.addresses.map(subnetOf).find((subnet) => contains(subnet, containerAddress));
  return lan ?? subnetsOf([{ containerAddress, network, ...flow }])[0] ?? containerAddress;
}

/** Before the rules of VPN clients, such as Tailscale's from 5210 on, and with room on both sides. */
const EARLY = 2500;

/** No route in the main table is asked before the rule: another rule has to be. */
function beforeRule(
  host: string,
  { route, rule, lan }: { readonly route: Route; readonly rule: Rule; readonly lan: string },
): readonly Remedy[] {
  const ip = ipFor(rule.family);
  const words = sh`to ${lan} pref ${rule.priority > EARLY ? EARLY : Math.max(1, rule.priority - 1)} lookup main`;
  return [
    {
      title: `Look in the main table first for ${lan}. It does not outlive a restart`,
      use: 'run',
      commands: [on(host, sh`${ip} rule add ${words}`, sh`${ip} rule del ${words}`)],
    },
    ...(/^tailscale/.test(route.device ?? '')
      ? [
          advice('For good: let the VPN client accept no routes of others', host, [
            sh`tailscale set --accept-routes=false`,
          ]),
        ]
      : []),
  ];
}

import type { Rule } from '../../../evidence/facts.js';
import { familyOf, prefixLength } from '../../../ip.js';
import { lookup, pinnedLookup, type Fib } from '../../../network/fib.js';
import { placeholder, sh } from '../../../shell.js';
import { advice, defineCause, found, on, type View } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { crossesParent, failing, idsOf, named, subnetsOf } from '../../flow-questions.js';
import { isLayer3 } from '../../../network/networks.js';
import { fibOf, hostName } from '../../reading.js';

/** How the host's own traffic is led into a tunnel. */
interface Tunnel {
  readonly device: string;
  readonly how: string;
}

export const vpnBypass = defineCause({
  id: 'vpn-bypass',
  title: "The host's VPN carries the host's own traffic, and not that of its L3 containers",
  layer: 'host-route',
  kind: 'informational',
  hop: 'host-route',
  appliesTo: ['ipvlan'],
  needs: ['nodes', 'networks', 'links', 'routes', 'rules'],
  background: `
    VPN clients leave the default route alone and overtake it: wg-quick by policy rules that lead to a table of its own,
    OpenVPN by two routes of half the internet each. In L3 and L3S mode the lookup for a container's packet is pinned to the
    parent, so that those do not count and the old default route does: containers go out past the tunnel, in the
    clear. The host's own packets to its containers, which used to go by the gateway, go into the tunnel and are lost.`,
  see: ['https://www.wireguard.com/netns/', 'https://docs.kernel.org/networking/ipvlan.html'],

  detect(view) {
    const fib = fibOf(hostName(view.nodes), view);
    if (!fib) return undefined;
    const concerned = view.flows.filter((flow) => crossesParent(flow) && isLayer3(flow.network));
    const past = concerned.filter(
      (flow) =>
        flow.outbound && flow.peer === 'internet' && flow.arrival === 'all' && bypassed(view, fib, flow) !== undefined,
    );
    const [flow] = past;
    const tunnel = flow && bypassed(view, fib, flow);
    if (!flow || !tunnel) return undefined;
    const swallowed = failing(concerned).filter((one) => one.peer === 'host' && leavesBy(fib, one) === tunnel.device);
    return found({
      detail: {
        flow,
        tunnel,
        parent: flow.network?.parent ?? '',
        subnets: subnetsOf(swallowed),
        before: firstPriority(fib),
      },
      explains: idsOf([...past, ...swallowed]),
      because: [
        `host: its own way to ${flow.to.label} is by ${tunnel.device}, ${tunnel.how}; pinned to ${flow.network?.parent} it is the default route.`,
        ...swallowed
          .slice(0, 1)
          .map((one) => `host: its route to ${one.containerAddress} leads into ${tunnel.device} too.`),
      ],
    });
  },
  explain: ({ flow, tunnel, parent, subnets }) =>
    `${named(flow)} reaches ${flow.to.label} by ${parent}, past the tunnel ${tunnel.device} that the Docker host's own traffic takes${subnets.length > 0 ? ', and what the host sends to its containers vanishes in the tunnel' : ''}.`,
  remedy: ({ subnets, before }) => [
    ...(subnets.length > 0
      ? [
          {
            title: 'Keep what the host sends to its containers out of the tunnel',
            use: 'run' as const,
            commands: subnets.map((to) => {
              const words = sh`to ${to} priority ${before} lookup main`;
              return on('host', sh`ip rule add ${words}`, sh`ip rule del ${words}`);
            }),
          },
        ]
      : []),
    advice(
      'If the containers are meant to use the tunnel: L3 is pinned to its parent, so give them a bridge network instead',
      'docker',
      [
        sh`docker network create ${placeholder('NAME')} && docker network connect ${placeholder('NAME')} ${placeholder('CONTAINER')}`,
      ],
    ),
  ],
});

/** The tunnel a flow passes by: what the host itself would use, where the container's packets have a way of their own. */
function bypassed(
  view: View<'links' | 'nodes'>,
  fib: Fib,
  { to, containerAddress, network }: Flow,
): Tunnel | undefined {
  const parent = network?.parent ?? '';
  const pinned = pinnedLookup(fib, { destination: to.address, source: containerAddress, outDevice: parent });
  const free = lookup(fib, { destination: to.address });
  if (familyOf(to.address) !== 4 || pinned.kind !== 'via' || (free.kind !== 'via' && free.kind !== 'on-link'))
    return undefined;
  if (free.device === parent) return undefined;
  const { table, destination } = free.route;
  const kind = view.links[hostName(view.nodes)]?.find(({ name }) => name === free.device)?.kind ?? '';
  const rule = fib.rules.find((one) => one.table === table && (one.inverted || one.mark !== undefined));
  if (rule) return { device: free.device, how: `by policy rule ${rule.priority} and table ${table}` };
  if (prefixLength(destination) === 1) return { device: free.device, how: `by a route to ${destination}` };
  return TUNNELS.has(kind) && prefixLength(destination) === 0
    ? { device: free.device, how: `by the default route of a ${kind} link` }
    : undefined;
}

const TUNNELS: ReadonlySet<string> = new Set(['wireguard', 'tun', 'ppp', 'xfrm', 'vti', 'ipip', 'gre', 'sit', 'l2tp']);

function leavesBy(fib: Fib, { containerAddress }: Flow): string | undefined {
  const hop = lookup(fib, { destination: containerAddress ?? '' });
  return hop.kind === 'via' || hop.kind === 'on-link' ? hop.device : undefined;
}

/** A priority before every rule but the one for the host's own addresses. */
function firstPriority({ rules }: Fib): number {
  const others = rules.filter(({ priority }: Rule) => priority > 1).map(({ priority }) => priority);
  return Math.max(1, Math.min(32_766, ...others) - 1);
}

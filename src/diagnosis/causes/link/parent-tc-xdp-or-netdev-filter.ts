import type { LinkFilter } from '../../../evidence/facts.js';
import { advice, defineCause, found, on, type Command, type Remedy } from '../../cause.js';
import { linkVictims, linkSuspects, type LinkSuspects, type LinkVictim } from '../../symptoms/link-suspects.js';
import { deciderText } from '../../filter-names.js';
import { acceptAtHead } from '../../remedies/allow-traffic.js';
import { complaint, idsOf, telling } from '../../flow-questions.js';
import { hostName } from '../../reading.js';
import { trafficOf, type Passage, type Traffic } from '../../remedies/traffic.js';
import { distinctPlaces } from '../../../network/packet-filter.js';
import { chain, sh, type ShellCommand } from '../../../shell.js';

export const parentTcXdpOrNetdevFilter = defineCause({
  id: 'parent-tc-xdp-or-netdev-filter',
  title: 'A filter on the parent link itself drops packets of the containers',
  layer: 'link',
  kind: 'fault',
  hop: 'parent',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'captures', 'firewall'],
  uses: ['containers', 'linkFilters', 'traces'],
  background: `
    nftables' netdev family, traffic control filters and XDP programs hang on a link, below everything IP: agents for network
    policy, rate limiters and hardening scripts put them there. They see the packets of every driver and mode, those of L2 and
    macvlan included, and neither iptables nor the usual chains of nftables show them. What leaves is dropped before a capture
    on the link sees it, what comes in after: there the answers are on the parent, and the container has none. What one
    macvlan container sends another comes in by the parent too; IPvlan hands it over past the parent.`,
  see: [
    'https://wiki.nftables.org/wiki-nftables/index.php/Nftables_families',
    'https://man7.org/linux/man-pages/man8/tc.8.html',
  ],

  detect(view) {
    const victims = linkVictims(view);
    const flow = telling(victims.map((one) => one.flow));
    const first = victims.find((one) => one.flow === flow);
    if (!flow || !first) return undefined;
    const host = hostName(view.nodes);
    const suspects = linkSuspects(view, first);
    return found({
      detail: { flow, host, victims, suspects, way: first.way, parent: flow.network?.parent ?? '' },
      explains: idsOf(victims.map((one) => one.flow)),
      confidence: victims.some(({ sure }) => sure) ? 'certain' : 'likely',
      because: [
        first.way === 'egress'
          ? `${flow.network?.parent}: what ${flow.containerAddress} sends was handed to the link and never left it.`
          : `${flow.network?.parent}: what is for ${flow.containerAddress} came in, and ${flow.container?.name} never saw it.`,
        `${host}: ${deciderText(first.by)} drops it.`,
      ],
    });
  },
  explain: ({ flow, way, parent }) =>
    `${complaint(flow)}: a filter that hangs on the Docker host's link ${parent} itself drops what ${way === 'egress' ? `${flow.containerAddress} sends` : `comes in for ${flow.containerAddress}`}.`,
  remedy: ({ host, parent, victims, suspects, way }) => [
    letThrough(host, { victims, suspects, way }),
    advice('See what put it there: it may do so again', host, [
      sh`nft list ruleset; tc filter show dev ${parent} ${way}; ip -details link show dev ${parent}`,
    ]),
  ],
});

interface Blocked {
  readonly victims: readonly LinkVictim[];
  readonly suspects: LinkSuspects;
  readonly way: LinkFilter['way'];
}

function letThrough(host: string, { victims, suspects, way }: Blocked): Remedy {
  const traffic = trafficOf(victims.flatMap((victim) => passagesOf(victim, way)));
  const commands = [
    ...distinctPlaces(suspects.rules).flatMap((place) => acceptAtHead(place, host, traffic)),
    ...suspects.filters.flatMap((filter) => spareInTc(host, filter, traffic)),
  ];
  return {
    title: 'Let what the failed checks send through, before the filter on the link',
    use: commands.length > 0 ? 'run' : 'advice',
    commands:
      commands.length > 0
        ? commands
        : suspects.programs.map(({ device }) => on(host, sh`ip link set dev ${device} xdp off`)),
  };
}

/** What of a flow the filter meets that way: it tracks no connections. What a sibling asks comes in there as its answer does. */
function passagesOf({ flow, asker }: LinkVictim, way: LinkFilter['way']): readonly Passage[] {
  const part = flow.outbound === (way === 'egress') ? ('request' as const) : ('untracked-reply' as const);
  return [{ flow, part }, ...(asker === undefined ? [] : [{ flow, part: 'untracked-reply' as const }])];
}

/**
 * tc asks filters by their priority: those in front let through. Where there is no room in front, the filter itself has to go.
 * All filters of one priority are of one family.
 */
function spareInTc(host: string, filter: LinkFilter, traffic: readonly Traffic[]): readonly Command[] {
  const { device, way, priority = 0 } = filter;
  const at = sh`dev ${device} ${way}`;
  const families = ([4, 6] as const).filter((family) => traffic.some((one) => one.family === family));
  if (priority <= families.length) return [on(host, sh`tc filter del ${at} pref ${priority}`)];
  return families.map((family, index) => {
    const pref = priority - 1 - index;
    const matches = traffic.filter((one) => one.family === family).flatMap(tcMatches);
    const add = sh`tc filter add ${at} protocol ${family === 6 ? 'ipv6' : 'ip'} pref ${pref} u32`;
    return on(
      host,
      chain(matches.map((match) => sh`${add} ${match} action pass`)),
      sh`tc filter del ${at} pref ${pref}`,
    );
  });
}

/** u32 names one source and one destination. */
function tcMatches({ family, sources, destinations, protocol, port, part }: Traffic): readonly ShellCommand[] {
  const ip = family === 6 ? 'ip6' : 'ip';
  const request = part === 'request';
  const number = { tcp: 6, udp: 17, icmp: family === 6 ? 58 : 1 }[protocol] ?? 0;
  const type = family === 6 ? (request ? 128 : 129) : request ? 8 : 0;
  const what =
    protocol === 'icmp'
      ? sh`match ${ip} icmp_type ${type} 0xff`
      : sh`match ${ip} ${request ? 'dport' : 'sport'} ${port ?? 0} 0xffff`;
  const from = sources.length > 0 ? sources.map((address) => [sh`match ${ip} src ${address}`]) : [[]];
  const to = destinations.length > 0 ? destinations.map((address) => [sh`match ${ip} dst ${address}`]) : [[]];
  return from.flatMap((source) =>
    to.map((destination) => sh`${source} ${destination} match ${ip} protocol ${number} 0xff ${what}`),
  );
}

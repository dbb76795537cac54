import type { LinkFilter } from '../../evidence/facts.js';
import { familyOf } from '../../ip.js';
import { advice, defineCause, found, on, type Command, type Remedy } from '../cause.js';
import { linkVictims, linkSuspects, type LinkSuspects, type LinkVictim } from '../link-suspects.js';
import { acceptAtHead } from '../packet-filter.js';
import { complaint, hostName, idsOf, isLayer3, subnetOfFlow, telling } from '../reading.js';
import { distinctPlaces } from '../../path/packet-filter.js';

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
        `${host}: ${first.by} drops it.`,
      ],
    });
  },
  explain: ({ flow, way, parent }) =>
    `${complaint(flow)}: a filter that hangs on the Docker host's link ${parent} itself drops what ${way === 'egress' ? `${flow.containerAddress} sends` : `comes in for ${flow.containerAddress}`}.`,
  remedy: ({ host, parent, victims, suspects, way }) => [
    letThrough(host, { victims, suspects, way }),
    advice('See what put it there: it may do so again', host, [
      `nft list ruleset; tc filter show dev ${parent} ${way}; ip -details link show ${parent}`,
    ]),
  ],
});

interface Blocked {
  readonly victims: readonly LinkVictim[];
  readonly suspects: LinkSuspects;
  readonly way: LinkFilter['way'];
}

function letThrough(host: string, { victims, suspects, way }: Blocked): Remedy {
  const spared = [...new Set(victims.flatMap(sparedFor))];
  const places = distinctPlaces(suspects.rules);
  const side = way === 'egress' ? 'from' : 'to';
  const commands = [
    ...places.flatMap((place) => acceptAtHead(place, { node: host, subnets: spared, side })),
    ...suspects.filters.flatMap((filter) => spareInTc(host, filter, spared)),
  ];
  return {
    title: `Let ${spared.join(' and ')} through, before the filter on the link`,
    use: commands.length > 0 ? 'run' : 'advice',
    commands:
      commands.length > 0
        ? commands
        : suspects.programs.map(({ device }) => on(host, `ip link set dev ${device} xdp off`)),
  };
}

/** A subnet behind the host is spared whole; on the LAN it is the container alone, for the subnet is everybody's. */
function sparedFor({ flow, asker }: LinkVictim): readonly string[] {
  const subnet = isLayer3(flow.network) ? subnetOfFlow(flow) : undefined;
  if (subnet !== undefined) return [subnet];
  return [flow.containerAddress ?? '', ...(asker === undefined ? [] : [asker])].map(
    (own) => `${own}/${familyOf(own) === 6 ? 128 : 32}`,
  );
}

/** tc asks filters by their priority: one in front lets through, and where there is no room in front the filter itself has to go. */
function spareInTc(
  host: string,
  { device, way, priority = 0 }: LinkFilter,
  subnets: readonly string[],
): readonly Command[] {
  const at = `dev ${device} ${way}`;
  const side = way === 'egress' ? 'src' : 'dst';
  if (priority <= subnets.length) return [on(host, `tc filter del ${at} pref ${priority}`)];
  return subnets.map((subnet, index) => {
    const [protocol, match] = familyOf(subnet) === 6 ? ['ipv6', 'ip6'] : ['ip', 'ip'];
    const pref = priority - 1 - index;
    return on(
      host,
      `tc filter add ${at} protocol ${protocol} pref ${pref} u32 match ${match} ${side} ${subnet} action pass`,
      `tc filter del ${at} pref ${pref}`,
    );
  });
}

import { createHash } from 'node:crypto';
import type { Firewall } from '../../evidence/facts.js';
import { familyOf } from '../../ip.js';
import { placesBlocking } from '../../network/filter.js';
import { distinctPlaces, isPlace, type Place } from '../../network/packet-filter.js';
import { embedded, embeddedList, sh, type Embedded } from '../../shell.js';
import { on, type Command } from '../cause.js';
import type { Flow } from '../flow.js';
import { packetOf, trafficOf, type Passage, type Traffic } from '../remedies/traffic.js';

/**
 * Accepts traffic at the head of one chain. It has to be the very chain that decides otherwise: an accept in one base
 * chain does not stop what another one of the same hook does. Each command may be run again without doing it twice.
 */
export function acceptAtHead(place: Place, node: string, traffic: readonly Traffic[]): readonly Command[] {
  const family = { ip: 4, ip6: 6 }[place.family];
  return traffic
    .filter((one) => family === undefined || family === one.family)
    .map((one) => (place.backend === 'nftables' ? nftAccept(place, node, one) : iptablesAccept(place, node, one)));
}

/** A direction of a flow that one chain drops. */
export interface Refused extends Passage {
  readonly at: Place;
}

/** A filter that a flow's request crosses, by which links, with the chains that drop it. */
interface Crossed {
  readonly firewall: Firewall;
  readonly hooks: readonly string[];
  readonly places: readonly Place[];
  readonly inDevice: string | undefined;
  readonly outDevice: string | undefined;
}

/** The request in the chains that drop it, and the answer in those that would drop this too. */
export function refusedBothWays(
  flow: Flow,
  { firewall, hooks, places, inDevice, outDevice }: Crossed,
): readonly Refused[] {
  const reply = { ...packetOf(flow, 'reply'), inDevice: outDevice, outDevice: inDevice, state: 'established' as const };
  return [
    ...distinctPlaces(places).map((at) => ({ flow, part: 'request' as const, at })),
    ...placesBlocking(firewall, hooks, reply).map((at) => ({ flow, part: 'reply' as const, at })),
  ];
}

/** Accepts in each chain what that chain drops. */
export function acceptRefused(node: string, refused: readonly Refused[]): readonly Command[] {
  return distinctPlaces(refused.map(({ at }) => at)).flatMap((place) =>
    acceptAtHead(place, node, trafficOf(refused.filter(({ at }) => isPlace(at, place)))),
  );
}

function nftAccept(place: Place, node: string, traffic: Traffic): Command {
  const match = nftMatch(traffic);
  return nftRule(place, {
    node,
    rule: embedded`${match} counter accept`,
    mark: `allow ${digest(match)}`,
    where: 'insert',
  });
}

/** The rule's own name: a comment of nftables holds 128 bytes, and a match may be longer. */
function digest(match: Embedded): string {
  return createHash('sha256').update(match.key).digest('hex').slice(0, 12);
}

/** What nftables is to match, without a verdict. */
export function nftMatch({ family, sources, destinations, inDevice, outDevice, ...traffic }: Traffic): Embedded {
  const ip = family === 6 ? 'ip6' : 'ip';
  const all = [
    ...(inDevice === undefined ? [] : [embedded`iifname "${inDevice}"`]),
    ...(outDevice === undefined ? [] : [embedded`oifname "${outDevice}"`]),
    ...(sources.length > 0 ? [embedded`${ip} saddr ${nftSet(sources)}`] : []),
    ...(destinations.length > 0 ? [embedded`${ip} daddr ${nftSet(destinations)}`] : []),
    nftTransport(family, traffic),
    ...(traffic.part === 'reply' ? [embedded`ct state established,related`] : []),
  ];
  return embeddedList(all, ' ');
}

function nftTransport(family: 4 | 6, { protocol, port, part }: Pick<Traffic, 'protocol' | 'port' | 'part'>): Embedded {
  const request = part === 'request';
  if (protocol === 'icmp')
    return embedded`${family === 6 ? 'icmpv6' : 'icmp'} type ${request ? 'echo-request' : 'echo-reply'}`;
  return port === undefined
    ? embedded`meta l4proto ${protocol}`
    : embedded`${protocol} ${request ? 'dport' : 'sport'} ${port}`;
}

function nftSet(addresses: readonly string[]): Embedded {
  const list = embeddedList(addresses, ', ');
  return addresses.length === 1 ? list : embedded`{ ${list} }`;
}

function iptablesAccept(place: Place, node: string, traffic: Traffic): Command {
  return iptablesInsert(place, { node, family: traffic.family, match: iptablesMatch(traffic) });
}

interface IptablesRule {
  readonly node: string;
  readonly family: 4 | 6;
  readonly match: readonly Embedded[];
}

function iptablesInsert({ backend, table, chain }: Place, { node, family, match }: IptablesRule): Command {
  const program = `${family === 6 ? 'ip6tables' : 'iptables'}-${backend === 'iptables-legacy' ? 'legacy' : 'nft'}`;
  const at = sh`${program} -t ${table}`;
  const rule = sh`${chain} ${match} -j ACCEPT`;
  return on(node, sh`${at} -C ${rule} 2>/dev/null || ${at} -I ${rule}`, sh`${at} -D ${rule}`);
}

/** What iptables is to match, word by word, without chain and target. A name that it would read as a pattern cannot be written. */
export function iptablesMatch({
  family,
  sources,
  destinations,
  inDevice,
  outDevice,
  ...traffic
}: Traffic): readonly Embedded[] {
  const { protocol, port, part } = traffic;
  const icmp =
    family === 6
      ? [embedded`ipv6-icmp`, embedded`-m`, embedded`icmp6`, embedded`--icmpv6-type`]
      : [embedded`icmp`, embedded`-m`, embedded`icmp`, embedded`--icmp-type`];
  const transport =
    protocol === 'icmp'
      ? [...icmp, embedded`${part === 'request' ? 'echo-request' : 'echo-reply'}`]
      : [
          embedded`${protocol}`,
          ...(port === undefined
            ? []
            : [part === 'request' ? embedded`--dport` : embedded`--sport`, embedded`${port}`]),
        ];
  return [
    ...(sources.length > 0 ? [embedded`-s`, embeddedList(sources, ',')] : []),
    ...(destinations.length > 0 ? [embedded`-d`, embeddedList(destinations, ',')] : []),
    ...(inDevice === undefined ? [] : [embedded`-i`, embedded`${inDevice}`]),
    ...(outDevice === undefined ? [] : [embedded`-o`, embedded`${outDevice}`]),
    embedded`-p`,
    ...transport,
    ...(part === 'reply'
      ? [embedded`-m`, embedded`conntrack`, embedded`--ctstate`, embedded`RELATED,ESTABLISHED`]
      : []),
  ];
}

/** A rule to put into a chain; `mark` becomes part of its comment, by which its undo finds it. */
export interface NewRule {
  readonly node: string;
  readonly rule: Embedded;
  readonly mark: string;
  readonly where: 'insert' | 'add';
}

export function nftRule({ family, table, chain }: Place, { node, rule, mark, where }: NewRule): Command {
  const at = [family, table, chain].map((one) => embedded`${one}`);
  const comment = embedded`"ipvlan-doctor ${mark}"`;
  const whole = embedded`${where} rule ${embeddedList(at, ' ')} ${rule} comment ${comment}`;
  return on(
    node,
    sh`nft list chain ${at} | grep -qF ${comment} || nft ${whole}`,
    sh`for h in $(nft -a list chain ${at} | sed -n ${embedded`s|.*${comment} # handle ||p`}); do nft delete rule ${at} handle $h; done`,
  );
}

/** nftables' word for the family of an address: `ip saddr`, `ip6 saddr`. */
export function nftFamily(address: string): 'ip' | 'ip6' {
  return familyOf(address) === 6 ? 'ip6' : 'ip';
}

/** A rule of the NAT table's that keeps what some subnets send by a link from being translated. It opens nothing. */
export function exceptFromNat(place: Place, { node, subnets, device }: Untranslated): readonly Command[] {
  const family = { ip: 4, ip6: 6 }[place.family];
  return subnets
    .filter((subnet) => family === undefined || family === familyOf(subnet))
    .map((subnet) => {
      if (place.backend === 'nftables') {
        const rule = embedded`oifname "${device}" ${nftFamily(subnet)} saddr ${subnet} counter accept`;
        return nftRule(place, { node, rule, mark: subnet, where: 'insert' });
      }
      const match = [embedded`-s`, embedded`${subnet}`, embedded`-o`, embedded`${device}`];
      return iptablesInsert(place, { node, family: familyOf(subnet) ?? 4, match });
    });
}

interface Untranslated {
  readonly node: string;
  readonly subnets: readonly string[];
  readonly device: string;
}

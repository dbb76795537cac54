import { createHash } from 'node:crypto';
import { familyOf } from '../ip.js';
import { distinctPlaces, isPlace, type Place } from '../path/packet-filter.js';
import { sh } from '../shell.js';
import { on, type Command } from './cause.js';
import { trafficOf, type Passage, type Traffic } from './traffic.js';

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

/** Accepts in each chain what that chain drops. */
export function acceptRefused(node: string, refused: readonly Refused[]): readonly Command[] {
  return distinctPlaces(refused.map(({ at }) => at)).flatMap((place) =>
    acceptAtHead(place, node, trafficOf(refused.filter(({ at }) => isPlace(at, place)))),
  );
}

function nftAccept(place: Place, node: string, traffic: Traffic): Command {
  const match = nftMatch(traffic);
  return nftRule(place, { node, rule: `${match} counter accept`, mark: `allow ${digest(match)}`, where: 'insert' });
}

/** The rule's own name: a comment of nftables holds 128 bytes, and a match may be longer. */
function digest(match: string): string {
  return createHash('sha256').update(match).digest('hex').slice(0, 12);
}

/** What nftables is to match, without a verdict. */
export function nftMatch({ family, sources, destinations, inDevice, outDevice, ...traffic }: Traffic): string {
  const ip = family === 6 ? 'ip6' : 'ip';
  return [
    ...(inDevice === undefined ? [] : [`iifname "${inDevice}"`]),
    ...(outDevice === undefined ? [] : [`oifname "${outDevice}"`]),
    ...(sources.length > 0 ? [`${ip} saddr ${nftSet(sources)}`] : []),
    ...(destinations.length > 0 ? [`${ip} daddr ${nftSet(destinations)}`] : []),
    nftTransport(family, traffic),
    ...(traffic.part === 'reply' ? ['ct state established,related'] : []),
  ].join(' ');
}

function nftTransport(family: 4 | 6, { protocol, port, part }: Pick<Traffic, 'protocol' | 'port' | 'part'>): string {
  const request = part === 'request';
  if (protocol === 'icmp') return `${family === 6 ? 'icmpv6' : 'icmp'} type ${request ? 'echo-request' : 'echo-reply'}`;
  return port === undefined ? `meta l4proto ${protocol}` : `${protocol} ${request ? 'dport' : 'sport'} ${port}`;
}

function nftSet(addresses: readonly string[]): string {
  return addresses.length === 1 ? (addresses[0] ?? '') : `{ ${addresses.join(', ')} }`;
}

function iptablesAccept(place: Place, node: string, traffic: Traffic): Command {
  return iptablesInsert(place, { node, family: traffic.family, match: iptablesMatch(traffic) });
}

interface IptablesRule {
  readonly node: string;
  readonly family: 4 | 6;
  readonly match: string;
}

function iptablesInsert({ backend, table, chain }: Place, { node, family, match }: IptablesRule): Command {
  const program = `${family === 6 ? 'ip6tables' : 'iptables'}-${backend === 'iptables-legacy' ? 'legacy' : 'nft'}`;
  const at = `${program} ${sh`-t ${table}`}`;
  const rule = `${sh`${chain}`} ${match} -j ACCEPT`;
  return on(node, `${at} -C ${rule} 2>/dev/null || ${at} -I ${rule}`, `${at} -D ${rule}`);
}

/** What iptables is to match, without chain and target. */
export function iptablesMatch({ family, sources, destinations, inDevice, outDevice, ...traffic }: Traffic): string {
  const { protocol, port, part } = traffic;
  const icmp = family === 6 ? 'ipv6-icmp -m icmp6 --icmpv6-type' : 'icmp -m icmp --icmp-type';
  const ports = port === undefined ? '' : ` --${part === 'request' ? 'dport' : 'sport'} ${port}`;
  return [
    ...(sources.length > 0 ? [`-s ${sources.join(',')}`] : []),
    ...(destinations.length > 0 ? [`-d ${destinations.join(',')}`] : []),
    ...(inDevice === undefined ? [] : [sh`-i ${inDevice}`]),
    ...(outDevice === undefined ? [] : [sh`-o ${outDevice}`]),
    protocol === 'icmp' ? `-p ${icmp} ${part === 'request' ? 'echo-request' : 'echo-reply'}` : `-p ${protocol}${ports}`,
    ...(part === 'reply' ? ['-m conntrack --ctstate RELATED,ESTABLISHED'] : []),
  ].join(' ');
}

/** A rule to put into a chain; `mark` becomes part of its comment, by which its undo finds it. */
export interface NewRule {
  readonly node: string;
  readonly rule: string;
  readonly mark: string;
  readonly where: 'insert' | 'add';
}

export function nftRule({ family, table, chain }: Place, { node, rule, mark, where }: NewRule): Command {
  const at = `${family} ${table} ${chain}`;
  const comment = `ipvlan-doctor ${mark}`;
  return on(
    node,
    `nft list chain ${at} | grep -qF '"${comment}"' || nft '${where} rule ${at} ${rule} comment "${comment}"'`,
    `for h in $(nft -a list chain ${at} | sed -n 's|.*"${comment}" # handle ||p'); do nft delete rule ${at} handle $h; done`,
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
        const rule = `oifname "${device}" ${nftFamily(subnet)} saddr ${subnet} counter accept`;
        return nftRule(place, { node, rule, mark: subnet, where: 'insert' });
      }
      const match = sh`-s ${subnet} -o ${device}`;
      return iptablesInsert(place, { node, family: familyOf(subnet) ?? 4, match });
    });
}

interface Untranslated {
  readonly node: string;
  readonly subnets: readonly string[];
  readonly device: string;
}

import { familyOf } from '../../../ip.js';
import { embedded, embeddedList, type Embedded } from '../../../shell.js';
import type { Traffic } from '../traffic.js';

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

/** nftables' word for the family of an address: `ip saddr`, `ip6 saddr`. */
export function nftFamily(address: string): 'ip' | 'ip6' {
  return familyOf(address) === 6 ? 'ip6' : 'ip';
}

import type { Link, Neighbour, Route, Rule } from '../../evidence/facts.js';
import { isAddress } from '../../ip.js';

/*
 * What `ip` prints without its option -json: older versions, and the one of busybox, have no such option.
 */

const KINDS =
  /^ +(ipvlan|macvlan|vlan|veth|bridge|bond|dummy|tun|wireguard|gre|ipip|sit|vxlan|bridge_slave)\b(?:.*? id (\d+))?/;

/** `ip addr show`, with or without its option -d. */
export function linksIn(text: string): readonly Link[] {
  return text.split(/^(?=\d+: )/m).flatMap((block) => linkIn(block) ?? []);
}

function linkIn(block: string): Link | undefined {
  const [, index = '', name = '', lower, flags = '', rest = ''] =
    /^(\d+): ([^\s:@]+)(?:@([^\s:]+))?: <([^>]*)> (.*)/.exec(block) ?? [];
  if (name === '') return undefined;
  const has = (flag: string) => flags.split(',').includes(flag);
  const lines = block.split('\n');
  return {
    index: Number(index),
    name,
    adminUp: has('UP'),
    carrier: has('LOWER_UP') || (has('UP') && !has('NO-CARRIER') && !/ state (?:DOWN|LOWERLAYERDOWN)/.test(rest)),
    operState: / state (\S+)/.exec(rest)?.[1] ?? 'UNKNOWN',
    noArp: has('NOARP'),
    mtu: Number(/\bmtu (\d+)/.exec(rest)?.[1] ?? 1500),
    mac: /^ +link\/ether (\S+)/m.exec(block)?.[1],
    ...kindIn(lines, lower),
    mode: undefined,
    flag: undefined,
    controller: / master (\S+)/.exec(rest)?.[1],
    addresses: lines.flatMap((line) => /^ +inet6? (\S+\/\d+)/.exec(line)?.[1] ?? []),
  };
}

/** What `ip -d` says below a link, such as `vlan protocol 802.1Q id 10`. */
function kindIn(lines: readonly string[], lower: string | undefined): Pick<Link, 'kind' | 'vlan' | 'lower'> {
  const [, kind, id] =
    lines.map((line) => KINDS.exec(line)).find((found) => found !== null && found[1] !== 'bridge_slave') ?? [];
  if (kind !== 'vlan') return { kind, vlan: undefined };
  return { kind, vlan: id === undefined ? undefined : Number(id), ...(lower === undefined ? {} : { lower }) };
}

/** `/proc/net/vlan/config`: links that are VLANs, where `ip` does not say so. */
export function withVlans(links: readonly Link[], config: string): readonly Link[] {
  const vlans = new Map(
    [...config.matchAll(/^(\S+) +\| (\d+) +\| (\S+)/gm)].map(([, name = '', id, lower = '']) => [name, { id, lower }]),
  );
  return links.map((link) => {
    const vlan = vlans.get(link.name);
    return vlan ? { ...link, kind: 'vlan', vlan: Number(vlan.id), lower: vlan.lower } : link;
  });
}

const TYPES = /^(unicast|local|broadcast|multicast|unreachable|blackhole|prohibit|throw|anycast|nat) /;

/** `ip route show table all` of one family; a route over several next hops becomes one route for each. */
export function routesIn(text: string, family: 4 | 6): readonly Route[] {
  const whole = text.replaceAll(/\n\s+nexthop/g, ' nexthop');
  return whole.split('\n').flatMap((line) => {
    const [first = '', ...hops] = line.trim().split(' nexthop ');
    const type = TYPES.exec(first)?.[1] ?? 'unicast';
    const route = first.replace(TYPES, '');
    const destination = withPrefix(route.split(' ')[0] ?? '', family);
    if (destination === undefined) return [];
    return (hops.length > 0 ? hops : ['']).map((hop) => routeOf(`${route} ${hop}`, { family, type, destination }));
  });
}

function routeOf(text: string, known: Pick<Route, 'family' | 'type' | 'destination'>): Route {
  const after = (word: string) => new RegExp(` ${word} (\\S+)`).exec(text)?.[1];
  return {
    ...known,
    table: after('table') ?? 'main',
    via: after('via(?: inet6?)?'),
    device: after('dev'),
    metric: Number(after('metric') ?? 0),
    scope: after('scope'),
    source: after('src'),
    flags: ['linkdown', 'dead', 'onlink'].filter((flag) => new RegExp(` ${flag}\\b`).test(text)),
  };
}

function withPrefix(destination: string, family: 4 | 6): string | undefined {
  if (destination === 'default') return family === 4 ? '0.0.0.0/0' : '::/0';
  if (destination.includes('/')) return isAddress(destination.split('/')[0] ?? '') ? destination : undefined;
  return isAddress(destination) ? `${destination}/${family === 4 ? 32 : 128}` : undefined;
}

/** Selectors that our lookup does not know, as `ip rule` prints them. */
const OTHERS = ['ipproto', 'sport', 'dport', 'uidrange', 'tos', 'dsfield', 'l3mdev', 'goto', 'suppress_ifgroup'];

/** `ip rule show` of one family. */
export function rulesIn(text: string, family: 4 | 6): readonly Rule[] {
  return text.split('\n').flatMap((line): readonly Rule[] => {
    const [, priority, rule = ''] = /^(\d+):\s+(.*)$/.exec(line.trim()) ?? [];
    if (priority === undefined) return [];
    const after = (word: string) => new RegExp(`\\b${word} (\\S+)`).exec(rule)?.[1];
    const selected = (word: string) => (after(word) === 'all' ? undefined : after(word));
    const table = after('lookup') ?? after('table');
    const others = OTHERS.filter((word) => new RegExp(`\\b${word}\\b`).test(rule));
    const suppressPrefix = after('suppress_prefixlength');
    return [
      {
        ...{ family, priority: Number(priority), from: selected('from'), to: selected('to') },
        ...{ inDevice: after('iif'), outDevice: after('oif'), mark: after('fwmark') },
        ...{ inverted: rule.startsWith('not '), table },
        ...(suppressPrefix === undefined ? {} : { suppressPrefix: Number(suppressPrefix) }),
        ...(others.length > 0 ? { others } : {}),
        action: table === undefined ? /\b(unreachable|blackhole|prohibit)\b/.exec(rule)?.[1] : undefined,
      },
    ];
  });
}

/** `ip neigh show`. */
export function neighboursIn(text: string): readonly Neighbour[] {
  return text.split('\n').flatMap((line) => {
    const [, address = '', device = '', rest = ''] = /^(\S+) dev (\S+)(.*)$/.exec(line.trim()) ?? [];
    if (!isAddress(address)) return [];
    const state = /\b([A-Z]+)\s*$/.exec(rest)?.[1] ?? 'NONE';
    return [{ address, device, mac: / lladdr (\S+)/.exec(rest)?.[1], state }];
  });
}

/** The policy rules every Linux starts with. */
export function standardRules(family: 4 | 6): readonly Rule[] {
  const rule = (priority: number, table: string): Rule => ({
    ...{ family, priority, from: undefined, to: undefined, inDevice: undefined, outDevice: undefined },
    ...{ mark: undefined, inverted: false, table, action: undefined },
  });
  const all = [rule(0, 'local'), rule(32766, 'main')];
  return family === 4 ? [...all, rule(32767, 'default')] : all;
}

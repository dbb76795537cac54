import type { Link, Neighbour, Route } from '../../evidence/facts.js';
import { isAddress } from '../../ip.js';

/** `ifconfig` of FreeBSD: links with their addresses, VLANs and bridges. */
export function bsdLinks(text: string): readonly Link[] {
  const blocks = text.split(/^(?=[^\s:]+: flags=)/m);
  const links = blocks.flatMap((block, at) => linkIn(block, at + 1) ?? []);
  const ports = new Map(
    blocks.flatMap((block) =>
      [...block.matchAll(/^\s+member: (\S+)/gm)].map(([, port = '']) => [port, nameOf(block)] as const),
    ),
  );
  return links.map((link) => ({ ...link, controller: ports.get(link.name) }));
}

function nameOf(block: string): string {
  return /^([^\s:]+): flags=/.exec(block)?.[1] ?? '';
}

function linkIn(block: string, index: number): Link | undefined {
  const name = nameOf(block);
  if (name === '') return undefined;
  const flags = /flags=\w+<([^>]*)>/.exec(block)?.[1]?.split(',') ?? [];
  const running = isRunning(block, flags);
  const [, vlan, lower] = /^\s+vlan: (\d+) .*parent interface: (\S+)/m.exec(block) ?? [];
  return {
    ...{ index, name, adminUp: flags.includes('UP'), carrier: running, operState: running ? 'UP' : 'DOWN' },
    ...{ noArp: flags.includes('NOARP'), mtu: Number(/\bmtu (\d+)/.exec(block)?.[1] ?? 1500) },
    mac: /^\s+ether (\S+)/m.exec(block)?.[1],
    kind: vlan !== undefined ? 'vlan' : /^bridge\d/.test(name) ? 'bridge' : undefined,
    ...{ mode: undefined, flag: undefined, vlan: vlan === undefined ? undefined : Number(vlan) },
    ...(lower === undefined ? {} : { lower }),
    controller: undefined,
    addresses: block.split('\n').flatMap(addressIn),
  };
}

/** A link without a medium says no status. */
function isRunning(block: string, flags: readonly string[]): boolean {
  const status = /^\s+status: (.+)$/m.exec(block)?.[1];
  return flags.includes('RUNNING') && (status === undefined || status === 'active' || status === 'associated');
}

/** `inet 192.168.1.1 netmask 0xffffff00 broadcast …`, `inet6 fe80::1%em1 prefixlen 64 …`. */
function addressIn(line: string): readonly string[] {
  const [, address = '', mask] = /^\s+inet (\S+)(?: --> \S+)? netmask (0x[\da-f]{8})/.exec(line) ?? [];
  if (mask !== undefined) return [`${address}/${onesIn(Number(mask))}`];
  const [, address6 = '', length] = /^\s+inet6 ([^\s%]+)\S* prefixlen (\d+)/.exec(line) ?? [];
  return length === undefined ? [] : [`${address6}/${length}`];
}

function onesIn(mask: number): number {
  return mask.toString(2).replaceAll('0', '').length;
}

/** Interfaces by the group they are in, as `ifconfig` says. */
export function bsdGroups(text: string): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, readonly string[]>();
  for (const block of text.split(/^(?=[^\s:]+: flags=)/m))
    for (const group of /^\s+groups: (.+)$/m.exec(block)?.[1]?.trim().split(/\s+/) ?? [])
      groups.set(group, [...(groups.get(group) ?? []), nameOf(block)]);
  return groups;
}

/** `netstat -rnW` of FreeBSD, both families. What it prints in its columns differs by version, so they are found by their heading. */
export function bsdRoutes(text: string): readonly Route[] {
  let device = -1;
  return text.split('\n').flatMap((line): readonly Route[] => {
    const words = line.trim().split(/\s+/);
    if (words[0] === 'Destination') device = words.indexOf('Netif');
    const [destination = '', gateway = '', flags = ''] = words;
    const to = subnetText(destination, gateway);
    return to === undefined || device < 0 ? [] : [routeOf(to, { gateway, flags, device: words[device] ?? '' })];
  });
}

interface Row {
  readonly gateway: string;
  readonly flags: string;
  readonly device: string;
}

function routeOf(destination: string, { gateway, flags, device }: Row): Route {
  const family = destination.includes(':') ? 6 : 4;
  const via = isAddress(gateway.replace(/%.*/, '')) ? gateway.replace(/%.*/, '') : undefined;
  const forbids = flags.includes('B') ? 'blackhole' : flags.includes('R') ? 'unreachable' : undefined;
  // The router's own addresses lead to its loopback.
  const own = device === 'lo0' && flags.includes('H') && via === undefined;
  return {
    ...{ family, table: own ? 'local' : 'main', type: forbids ?? (own ? 'local' : 'unicast'), destination },
    ...{ via: flags.includes('G') ? via : undefined, device: forbids === undefined ? device : undefined },
    ...{ metric: 0, scope: undefined, source: undefined, flags: [] },
  };
}

/** `default`, `192.168.1.0/24`, `192.168.1.1`, `192.168.1` for a /24, `fe80::%em0/64`; the gateway tells the family of a default route. */
function subnetText(destination: string, gateway: string): string | undefined {
  if (destination === 'default') return gateway.includes(':') ? '::/0' : '0.0.0.0/0';
  const [address = '', length] = destination.replace(/%[^/]*/, '').split('/');
  const octets = /^\d+(?:\.\d+){0,2}$/.test(address) ? address.split('.').length : 4;
  const whole = octets < 4 ? [...address.split('.'), '0', '0', '0'].slice(0, 4).join('.') : address;
  if (!isAddress(whole)) return undefined;
  return `${whole}/${length ?? (whole.includes(':') ? 128 : 8 * octets)}`;
}

/** `arp -an` and `ndp -an` of FreeBSD. */
export function bsdNeighbours(text: string): readonly Neighbour[] {
  const arp = [...text.matchAll(/^\S+ \(([\d.]+)\) at (\S+|\(incomplete\)) on (\S+)(.*)$/gm)].map(
    ([, address = '', mac = '', device = '', rest = '']): Neighbour => {
      const known = mac !== '(incomplete)';
      const state = known ? (/\bpermanent\b/.test(rest) ? 'PERMANENT' : 'REACHABLE') : 'INCOMPLETE';
      return { address, device, mac: known ? padded(mac) : undefined, state };
    },
  );
  const ndp = [...text.matchAll(/^([\da-f:]+)(?:%\S+)?\s+(\S+)\s+(\S+)\s+(\S+)\s+([RSDPI])\b/gm)].map(
    ([, address = '', mac = '', device = '', , state = '']): Neighbour => ({
      ...{ address, device, mac: mac.includes(':') ? mac : undefined },
      state: { R: 'REACHABLE', S: 'STALE', D: 'DELAY', P: 'PROBE', I: 'INCOMPLETE' }[state] ?? 'NONE',
    }),
  );
  return [...arp, ...ndp].filter(({ address }) => isAddress(address));
}

/** macOS leaves the zeros out: `52:54:0:bb:0:2`. */
function padded(mac: string): string {
  return mac
    .split(':')
    .map((octet) => octet.padStart(2, '0'))
    .join(':');
}

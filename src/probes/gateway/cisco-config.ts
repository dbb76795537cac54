/** An interface as the running configuration has it. */
export interface CiscoInterface {
  readonly name: string;
  /** With prefix length; the first is the primary. */
  readonly addresses: readonly string[];
  readonly shutdown: boolean;
  readonly vlan: number | undefined;
  readonly mtu: number | undefined;
  readonly nat: 'inside' | 'outside' | undefined;
  /** Names of access lists by direction. */
  readonly access: { readonly in: string | undefined; readonly out: string | undefined };
  /** `rx` is strict. */
  readonly reversePath: 'strict' | 'loose' | undefined;
  /** Lines about what no fact of ours can hold. */
  readonly others: readonly string[];
}

/** A block of the configuration: its first line, and those that belong to it. */
export interface CiscoBlock {
  readonly line: string;
  readonly within: readonly string[];
}

export function blocksIn(config: string): readonly CiscoBlock[] {
  const blocks: { line: string; within: string[] }[] = [];
  for (const line of config.split('\n')) {
    if (/^ +\S/.test(line)) blocks.at(-1)?.within.push(line.trim());
    else if (/^[\w]/.test(line)) blocks.push({ line: line.trim(), within: [] });
  }
  return blocks;
}

/** `255.255.255.0` is 24; `undefined` for what is no netmask. */
export function lengthOf(mask: string): number | undefined {
  const bits = bitsOf(mask);
  return /^1*0*$/.test(bits) && bits.length === 32 ? bits.lastIndexOf('1') + 1 : undefined;
}

function bitsOf(mask: string): string {
  return mask
    .split('.')
    .map((octet) => Number(octet).toString(2).padStart(8, '0'))
    .join('');
}

/** An address with a wildcard as a subnet: `192.168.0.0 0.0.0.255`; `undefined` for one that is none. */
export function subnetByWildcard(address: string, wildcard: string): string | undefined {
  const mask = wildcard
    .split('.')
    .map((octet) => String(255 - Number(octet)))
    .join('.');
  const length = lengthOf(mask);
  return length === undefined ? undefined : `${address}/${length}`;
}

export function interfacesIn(blocks: readonly CiscoBlock[]): readonly CiscoInterface[] {
  return blocks.flatMap(({ line, within }) => {
    const name = /^interface (\S+)$/.exec(line)?.[1];
    return name === undefined ? [] : [interfaceOf(name, within)];
  });
}

const OTHERS = /^(?:zone-member security|ip policy route-map|(?:ip )?vrf forwarding|ip inspect|crypto map)\b/;

function interfaceOf(name: string, within: readonly string[]): CiscoInterface {
  const first = (pattern: RegExp) => within.map((line) => pattern.exec(line)?.[1]).find((found) => found !== undefined);
  const vlan = first(/^encapsulation dot1q (\d+)/i);
  const mtu = first(/^(?:ip )?mtu (\d+)/);
  const nat = first(/^ip nat (inside|outside)$/);
  const via = first(/^ip verify unicast (?:source reachable-via )?(rx|any|reverse-path)/);
  return {
    ...{ name, addresses: within.flatMap(addressIn), shutdown: within.includes('shutdown') },
    ...{ vlan: vlan === undefined ? undefined : Number(vlan), mtu: mtu === undefined ? undefined : Number(mtu) },
    nat: nat === 'inside' || nat === 'outside' ? nat : undefined,
    access: { in: first(/^ip access-group (\S+) in/), out: first(/^ip access-group (\S+) out/) },
    reversePath: via === undefined ? undefined : via === 'any' ? 'loose' : 'strict',
    others: within.filter((line) => OTHERS.test(line)),
  };
}

function addressIn(line: string): readonly string[] {
  const [, address = '', mask = ''] = /^ip address ([\d.]+) ([\d.]+)/.exec(line) ?? [];
  const length = lengthOf(mask);
  const address6 = /^ipv6 address ([\da-f:]+\/\d+)/i.exec(line)?.[1];
  if (address6 !== undefined) return [address6.toLowerCase()];
  return length === undefined || address === '' ? [] : [`${address}/${length}`];
}

/** Length of a route without one of its own: that of its class. */
export function classLength(address: string): number {
  const first = Number(address.split('.')[0]);
  return first < 128 ? 8 : first < 192 ? 16 : 24;
}

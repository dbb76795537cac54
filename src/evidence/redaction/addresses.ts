import { Address4, Address6 } from 'ip-address';
import { familyOf, prefixLength, type Family } from '../../ip.js';
import { Permutation } from './permute.js';

/** Ranges with a meaning of their own, which a renamed address never leaves and no other enters. */
const CLASSES = {
  4: [
    ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
    ...['192.0.2.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3'],
  ],
  6: [
    ...['::/96', '::ffff:0:0/96', '64:ff9b::/96', '2000::/3', '2001:db8::/32', '2002::/16', 'fc00::/8', 'fd00::/8'],
    ...['fe80::/64', 'fec0::/10', 'ff00::/8', 'ff02::1:ff00:0/104'],
  ],
} as const;

/** These are not renamed, because they are the same in every network. */
const SPECIAL = {
  4: ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '192.0.0.0/24', '224.0.0.0/3'],
  6: ['::/96', 'ff00::/8'],
} as const;

/** Multicast addresses that hold the end of a host's address. */
const SOLICITED_NODE = bitsOf('ff02::1:ff00:0/104');

/** Renames addresses, each family by its own permutation. */
export class RedactedAddresses {
  readonly #permutations: Readonly<Record<Family, Permutation>>;
  readonly #renamed = new Map<string, string>();

  /** @param subnets whose first and last address stay first and last */
  constructor(key: Buffer, subnets: ReadonlySet<string>) {
    this.#permutations = { 4: permutation(key, 4, subnets), 6: permutation(key, 6, subnets) };
  }

  /** An address, or an address or subnet with its prefix length, which stays. */
  rename(text: string): string {
    const family = familyOf(text);
    if (family === undefined) return text;
    const known = this.#renamed.get(text);
    if (known !== undefined) return known;
    const bits = this.#permutations[family].rename(allBits(text, family));
    const renamed = `${addressFrom(bits, family)}${text.includes('/') ? `/${prefixLength(text)}` : ''}`;
    this.#renamed.set(text, renamed);
    return renamed;
  }
}

function permutation(key: Buffer, family: Family, subnets: ReadonlySet<string>): Permutation {
  const classes = CLASSES[family].map(bitsOf);
  const special = SPECIAL[family].map(bitsOf);
  const known = new Set([...subnets].filter((subnet) => familyOf(subnet) === family).map(bitsOf));
  const isSpecial = (prefix: string) =>
    special.some((one) => prefix.startsWith(one)) && !(family === 6 && prefix.startsWith(SOLICITED_NODE));
  const leadsToClass = (prefix: string) => classes.some((one) => one.length > prefix.length && one.startsWith(prefix));
  return new Permutation(
    Buffer.concat([key, Buffer.from([family])]),
    (prefix) => isSpecial(prefix) || leadsToClass(prefix) || isEdge(prefix, known),
  );
}

/** Whether a prefix leads from a known subnet to its first or its last address. */
function isEdge(prefix: string, subnets: ReadonlySet<string>): boolean {
  const last = prefix.at(-1);
  if (subnets.has(prefix)) return true;
  for (let length = prefix.length - 1; length >= 0 && prefix[length] === last; length--)
    if (subnets.has(prefix.slice(0, length))) return true;
  return false;
}

/** The bits of a subnet's prefix. */
function bitsOf(subnet: string): string {
  const family = familyOf(subnet) ?? 4;
  return allBits(subnet, family).slice(0, prefixLength(subnet));
}

function allBits(text: string, family: Family): string {
  const address = text.split('/')[0] ?? text;
  const value = family === 4 ? new Address4(address).bigInt() : new Address6(address).bigInt();
  return value.toString(2).padStart(family === 4 ? 32 : 128, '0');
}

function addressFrom(bits: string, family: Family): string {
  const value = BigInt(`0b${bits}`);
  return family === 4 ? Address4.fromBigInt(value).correctForm() : Address6.fromBigInt(value).correctForm();
}

/** What QEMU and Docker begin the addresses they make up with: as good as a vendor. */
const MADE_UP = ['52:54:00', '02:42'].map(bitsOfMac);

/**
 * Renames MAC addresses: the vendor stays, the card does not. A locally administered one stays locally administered. Multicast
 * addresses are kept.
 */
export class MacBook {
  readonly #permutation: Permutation;

  constructor(key: Buffer) {
    const keeps = (prefix: string) =>
      prefix.length < 8 ||
      (prefix[6] === '0' && prefix.length < 24) ||
      MADE_UP.some((one) => prefix.length < one.length && one.startsWith(prefix));
    this.#permutation = new Permutation(Buffer.concat([key, Buffer.from('mac')]), keeps);
  }

  rename(mac: string): string {
    const octets = mac.toLowerCase().split(':');
    if (/^(?:ff:ff:ff:ff:ff:ff|00:00:00:00:00:00)$/.test(octets.join(':')) || isGroup(octets)) return groupMac(octets);
    const renamed = this.#permutation.rename(bitsOfMac(mac)).match(/.{8}/g) ?? [];
    return renamed.map((octet) => Number.parseInt(octet, 2).toString(16).padStart(2, '0')).join(':');
  }
}

function bitsOfMac(mac: string): string {
  return mac
    .split(':')
    .map((octet) => Number.parseInt(octet, 16).toString(2).padStart(8, '0'))
    .join('');
}

function isGroup([first = '0']: readonly string[]): boolean {
  return (Number.parseInt(first, 16) & 1) === 1;
}

/** `33:33:ff:…` ends like an IPv6 address of a host. */
function groupMac(octets: readonly string[]): string {
  return octets.join(':').replace(/^33:33:ff:.*/, '33:33:ff:00:00:00');
}

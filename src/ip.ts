import { Address4, Address6 } from 'ip-address';

/** 4 or 6. */
export type Family = 4 | 6;

type Parsed = Address4 | Address6;

/** How many answers are kept for each question: far more than one run's evidence has addresses. */
const MOST = 20_000;

/** Evidence names the same few addresses thousands of times, and reading one takes as long as the rest of a route lookup. */
function remembered<Value>(read: (text: string) => Value): (text: string) => Value {
  const memory = new Map<string, Value>();
  return (text) => {
    const known = memory.get(text);
    if (known !== undefined || memory.has(text)) return known as Value;
    if (memory.size >= MOST) memory.clear();
    const value = read(text);
    memory.set(text, value);
    return value;
  };
}

/** The family of an address or subnet; `undefined` when the text is neither. */
export const familyOf = remembered((text): Family | undefined =>
  Address4.isValid(text) ? 4 : Address6.isValid(text) ? 6 : undefined,
);

/** Whether the text is an address without a prefix length, such as `192.168.0.1` or `fd00::1`. */
export function isAddress(text: string): boolean {
  return !text.includes('/') && familyOf(text) !== undefined;
}

/** Whether the text is a subnet written with its prefix length, such as `192.168.0.0/24`. */
export function isSubnet(text: string): boolean {
  return text.includes('/') && familyOf(text) !== undefined;
}

/** The address without its prefix length: `192.168.0.2/24` becomes `192.168.0.2`. IPv6 comes out in its shortest form. */
export const bare = remembered((text): string => {
  const address = text.split('/')[0] ?? text;
  return familyOf(address) === 6 ? parse(address).correctForm() : address;
});

/** Whether the internet has no route to an address: RFC 1918, link-local, shared (RFC 6598), or unique local in IPv6. */
export function isPrivate(address: string): boolean {
  return familyOf(address) === 4
    ? /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/.test(address)
    : /^f[cd]/i.test(address);
}

/** The prefix length; a bare address counts as a host: 32 or 128. */
export const prefixLength = remembered((text): number => parse(text).subnetMask);

/** The subnet an address with prefix length lies in: `192.168.0.2/24` becomes `192.168.0.0/24`. */
export const subnetOf = remembered((text): string => {
  const address = parse(text);
  return `${address.startAddress().correctForm()}/${address.subnetMask}`;
});

/** Whether `inner` (an address or a subnet) lies wholly inside the subnet `outer`. Different families never do. */
export function contains(outer: string, inner: string): boolean {
  const [a, b] = [rangeOf(outer), rangeOf(inner)];
  return a.family !== undefined && a.family === b.family && a.first <= b.first && b.last <= a.last;
}

/** Whether two subnets share an address. */
export function overlap(a: string, b: string): boolean {
  return contains(a, b) || contains(b, a);
}

/** The address `offset` places into the subnet: 1 is the first usable one of `192.168.0.0/24`. */
export function addressAt(subnet: string, offset: number): string {
  const start = parse(subnet).startAddress();
  const value = start.bigInt() + BigInt(offset);
  return familyOf(subnet) === 4 ? Address4.fromBigInt(value).correctForm() : Address6.fromBigInt(value).correctForm();
}

/**
 * Whether a machine can have the address in this subnet. An IPv4 subnet keeps its first and last for itself, an IPv6 subnet
 * its first, except where there are only one or two (RFC 3021, RFC 6164).
 */
export function isHostAddress(subnet: string, address: string): boolean {
  if (!contains(subnet, address)) return false;
  const whole = parse(subnet);
  const value = parse(bare(address)).bigInt();
  const [first, last] = [whole.startAddress().bigInt(), whole.endAddress().bigInt()];
  if (last - first < 2n) return true;
  return value !== first && (familyOf(subnet) === 6 || value !== last);
}

/**
 * The addresses machines can have in a subnet, in order and one at a time, because an IPv6 subnet is too large for a list.
 *
 * @param part a subnet of it, to take them from there
 */
export function* hostAddresses(subnet: string, part = subnet): Generator<string> {
  const whole = parse(part);
  const count = whole.endAddress().bigInt() - whole.startAddress().bigInt() + 1n;
  for (let offset = 0; BigInt(offset) < count; offset++) {
    const address = addressAt(part, offset);
    if (isHostAddress(subnet, address)) yield address;
  }
}

/** The first usable address of a subnet: what Docker up to 28 takes for the gateway when none is given. */
export function firstAddress(subnet: string, part = subnet): string | undefined {
  const [first] = hostAddresses(subnet, part);
  return first;
}

/** Whether two addresses are the same one, in any spelling and with any prefix length. */
export function sameAddress(a: string, b: string): boolean {
  return a === b || bare(a) === bare(b);
}

function parse(text: string): Parsed {
  return familyOf(text) === 6 ? new Address6(text) : new Address4(text);
}

interface Range {
  readonly family: Family | undefined;
  /** A number in IPv4, which is compared much faster. */
  readonly first: number | bigint;
  readonly last: number | bigint;
}

const rangeOf = remembered((text): Range => {
  const family = familyOf(text);
  if (family === undefined) return { family, first: 0, last: 0 };
  const parsed = parse(text);
  const [first, last] = [parsed.startAddress().bigInt(), parsed.endAddress().bigInt()];
  return family === 4 ? { family, first: Number(first), last: Number(last) } : { family, first, last };
});

import { familyOf } from '../../ip.js';
import { withColons } from './links.js';
import { PATTERNS } from './text.js';

/** What a hexadecimal number may mean, and how each meaning is renamed. */
interface Books {
  readonly address: (address: string) => string;
  readonly mac: (mac: string) => string;
  readonly id: (id: string) => string;
}

/** What is known of a number besides its digits. */
interface Known {
  /** IPv4 addresses that are written somewhere, as numbers. */
  readonly addresses: ReadonlySet<number>;
  /** The first 12 digits of Docker's ids. */
  readonly ids: ReadonlySet<string>;
  /** MAC addresses, without separators. */
  readonly macs: ReadonlySet<string>;
  /** Marks of packets, which are no addresses. */
  readonly marks: ReadonlySet<number>;
}

/** Reads which numbers are known, from all texts there are. */
export function knownNumbers(texts: Iterable<string>, marks: ReadonlySet<number>): Known {
  const addresses = new Set<number>();
  const ids = new Set<string>();
  const macs = new Set<string>();
  for (const text of texts) {
    for (const [address] of text.matchAll(PATTERNS.ip4)) addresses.add(numberOf(address.split('/')[0] ?? ''));
    for (const [, , digits = ''] of text.matchAll(PATTERNS.hex)) if (digits.length === 64) ids.add(digits.slice(0, 12));
    for (const [mac] of text.matchAll(PATTERNS.mac)) macs.add(bareMac(mac));
  }
  return { addresses, ids, macs, marks };
}

/**
 * Renames a hexadecimal number as what it is: an address in either order of its bytes, a MAC address, an id of Docker. In a
 * packet filter eight digits are an address only if it is a known or a private one.
 */
export function renameHexadecimal(
  digits: string,
  books: Books,
  at: { known: Known; prefixed: boolean; strict: boolean },
) {
  const lower = digits.toLowerCase();
  const like = (text: string) => (digits === digits.toUpperCase() && /[A-F]/.test(digits) ? text.toUpperCase() : text);
  if (digits.length === 8) return like(renameIpv4(lower, books, at));
  if (digits.length === 12 && !at.known.ids.has(lower) && isMac(digits, at.known))
    return like(books.mac(withColons(lower)).replaceAll(':', ''));
  if (digits.length === 32) return like(renameIpv6(lower, books));
  const isId = digits.length >= 12 && !at.prefixed && (/\d/.test(lower) || digits.length === 12) && /[a-f]/.test(lower);
  return isId || at.known.ids.has(lower) ? like(books.id(lower)) : digits;
}

function isMac(digits: string, { macs }: Known): boolean {
  return (
    macs.has(digits.toLowerCase()) || !/\d/.test(digits) || !/[a-f]/.test(digits) || digits !== digits.toLowerCase()
  );
}

function renameIpv4(hex: string, { address }: Books, at: { known: Known; prefixed: boolean; strict: boolean }): string {
  const { known, prefixed, strict } = at;
  const [forward, backward] = [hex, reversed(hex)].map((one) => Number.parseInt(one, 16)) as [number, number];
  if (known.marks.has(forward)) return hex;
  const rank = (value: number) => (known.addresses.has(value) ? 2 : isPrivate(value) ? 1 : 0);
  const isBackward = rank(backward) > rank(forward);
  const isLikely = rank(forward) > 0 || isBackward;
  if (!isLikely && (strict || !(prefixed || (/\d/.test(hex) && /[a-f]/.test(hex))))) return hex;
  const renamed = hexOf(address(addressOf(isBackward ? backward : forward)));
  return isBackward ? reversed(renamed) : renamed;
}

function renameIpv6(hex: string, { address, id }: Books): string {
  const groups = (hex.match(/.{4}/g) ?? []).join(':');
  const isUsed = /^(?:0{16}|2[0-9a-f]|3[0-9a-f]|f[cde])/.test(hex);
  if (!isUsed) return /\d/.test(hex) && /[a-f]/.test(hex) ? id(hex) : hex;
  // The kernel's tables of connections reverse each word of an IPv4 address in IPv6.
  return expanded(address(groups));
}

/** All 32 digits of an address as the address book writes it. */
function expanded(address: string): string {
  const [before = '', after] = address.split('::');
  const groups = (part: string) => part.split(':').filter(Boolean);
  const [head, tail] = [groups(before), groups(after ?? '')];
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return [...head, ...zeros, ...tail].map((group) => group.padStart(4, '0')).join('');
}

/** 10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16. */
function isPrivate(value: number): boolean {
  return value >>> 24 === 10 || value >>> 20 === 0xac1 || value >>> 16 === 0xc0a8;
}

function reversed(hex: string): string {
  return (hex.match(/../g) ?? []).reverse().join('');
}

/** An IPv4 address as a number; `NaN` for anything else. */
function numberOf(address: string): number {
  if (familyOf(address) !== 4) return Number.NaN;
  return address.split('.').reduce((value, octet) => value * 256 + Number(octet), 0);
}

function addressOf(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff).join('.');
}

function hexOf(address: string): string {
  return numberOf(address).toString(16).padStart(8, '0');
}

/** The twelve digits of a MAC address, however it is written; of a longer one its last. */
export function bareMac(mac: string): string {
  const octets = mac.includes('.') ? [mac.replaceAll('.', '')] : mac.split(/[:-]/).map((one) => one.padStart(2, '0'));
  return octets.join('').toLowerCase().slice(-12);
}

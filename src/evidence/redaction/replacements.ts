import { bare, familyOf } from '../../ip.js';
import { bareMac, renameHexadecimal, type knownNumbers } from './hexadecimal.js';
import { isOwnHost } from './learned.js';
import { isUsualLink, withColons } from './links.js';
import { renameChain, RULE_WORDS, type FilterKind, type RedactedNames, type Token } from './names.js';
import { anyOf, PATTERNS, PLACES, type Replacement } from './text.js';
import type { Tokens } from './tokens.js';

/** All tokens, and how to rename the rest. */
export interface Ground {
  readonly names: RedactedNames;
  readonly tokens: Tokens;
  readonly known: ReturnType<typeof knownNumbers>;
  /** Interfaces with names of their own. */
  readonly links: ReadonlySet<string>;
  readonly rename: {
    readonly address: (text: string) => string;
    readonly mac: (mac: string) => string;
    readonly id: (id: string) => string;
    readonly link: (name: string) => string;
  };
}

/** What is replaced in a sentence or a command, in order. */
export function inSentences(ground: Ground): readonly Replacement[] {
  const filters = Object.values(ground.names.inFilters).flatMap((some) => [...some]);
  return [
    ...secrets(ground),
    ...hardware(ground),
    anyName(ground, new Map([...filters, ...ground.names.anywhere])),
    anyLink(ground, ground.links),
    ...places(ground),
    domain(ground),
    ...addresses(ground, false),
    ...devices(ground).slice(0, 2),
  ];
}

/** What is replaced in a packet filter's own language, where a container's name would be a coincidence. */
export function inRules(ground: Ground): readonly Replacement[] {
  const own = ([name]: readonly [string, ...unknown[]]) => !RULE_WORDS.has(name);
  const filters = Object.values(ground.names.inFilters).flatMap((some) => [...some].filter(own));
  return [
    ...secrets(ground),
    ...hardware(ground),
    ...filterNames(ground),
    ...devices(ground),
    anyName(ground, new Map(filters)),
    anyLink(
      ground,
      [...ground.links].filter((link) => own([link])),
    ),
    domain(ground),
    ...addresses(ground, true),
  ];
}

/** The token of a table, chain or set; a chain that no fact has is renamed all the same. */
export function filterName(kind: FilterKind, name: string, { names, tokens }: Ground): string {
  const token = names.inFilters[kind].get(name);
  if (token) return tokens.note(kind, name, token.text);
  if (kind === 'chain') return renameChain(name, (own) => tokens.numbered('chain', own, 'other-chain'));
  return kind === 'set' ? tokens.numbered('set', name, 'other-set') : name;
}

function anyName({ tokens }: Ground, names: ReadonlyMap<string, Token>): Replacement {
  const by = (name: string) => {
    const token = names.get(name);
    return token ? tokens.note(token.kind, name, token.text) : name;
  };
  return { pattern: anyOf(names.keys()), by };
}

function anyLink({ rename }: Ground, links: Iterable<string>): Replacement {
  return { pattern: anyOf(links, '(?:\\.\\d{1,4})?'), by: rename.link };
}

function secrets({ tokens }: Ground): readonly Replacement[] {
  const by = (secret: string) => tokens.numbered('secret', secret);
  const comment = (...[, before = '', said = '', block = '']: readonly string[]) =>
    block ? `/* ${tokens.numbered('comment', block)} */` : `${before}"${tokens.numbered('comment', said)}"`;
  const ssid = (_: string, before = '', name = '') => `${before}${tokens.numbered('ssid', name.trim())}`;
  return [
    { pattern: PATTERNS.comment, by: comment },
    ...PLACES.ssid.map((pattern) => ({ pattern, by: ssid })),
    ...PATTERNS.secret.map((pattern) => ({ pattern, by })),
  ];
}

function hardware({ rename }: Ground): readonly Replacement[] {
  return [
    { pattern: PATTERNS.uuid, by: (uuid) => renamedUuid(uuid, rename.id) },
    { pattern: PATTERNS.mac, by: (mac) => renamedMac(mac, rename.mac) },
    { pattern: PATTERNS.macInName, by: rename.link },
  ];
}

/** All of it but the dashes, as an id. */
function renamedUuid(uuid: string, rename: (id: string) => string): string {
  const digits = rename(uuid.replaceAll('-', '').toLowerCase());
  return [0, 8, 12, 16, 20].map((at, index, all) => digits.slice(at, all[index + 1])).join('-');
}

/** Written as it was; of a longer address the bytes before the last six are gone. */
function renamedMac(mac: string, rename: (mac: string) => string): string {
  const renamed = rename(withColons(bareMac(mac)));
  if (mac.includes('.')) return (renamed.replaceAll(':', '').match(/.{4}/g) ?? []).join('.');
  const separator = mac.includes('-') ? '-' : ':';
  const longer = mac.split(separator).length - 6;
  return [...Array.from({ length: longer }, () => '00'), ...renamed.split(':')].join(separator);
}

/** Words before a user's name, in any text; the users of rules too. */
function places({ tokens, names }: Ground): readonly Replacement[] {
  const user = (_: string, before = '', name = '') =>
    name === 'root' || isUsualLink(name) ? `${before}${name}` : `${before}${tokens.numbered('user', name)}`;
  const isToken = (name: string) => [...names.anywhere.values()].some(({ text }) => text === name);
  const host = (_: string, before = '', name = '') =>
    !isOwnHost(name) || isToken(name) ? `${before}${name}` : `${before}${otherName(name, tokens)}`;
  return [
    ...[PATTERNS.user, ...PLACES.user].map((pattern) => ({ pattern, by: user })),
    ...PLACES.host.map((pattern) => ({ pattern, by: host })),
  ];
}

function otherName(name: string, tokens: Tokens): string {
  const token = tokens.numbered('name', name, 'other-name');
  return name.includes('.') && !token.endsWith('.example') ? `${token}.example` : token;
}

function filterNames(ground: Ground): readonly Replacement[] {
  const named =
    (kind: FilterKind) =>
    (_: string, before = '', name = '') =>
      `${before}${filterName(kind, name, ground)}`;
  const user = (_: string, before = '', name = '') => `${before}${ground.tokens.numbered('user', name)}`;
  return [
    { pattern: PATTERNS.user, by: user },
    { pattern: PATTERNS.jump, by: named('chain') },
    { pattern: PATTERNS.set, by: named('set') },
  ];
}

function devices({ rename }: Ground): readonly Replacement[] {
  const by = (_: string, before = '', name = '') => `${before}${RULE_WORDS.has(name) ? name : rename.link(name)}`;
  const element = (name: string) => (RULE_WORDS.has(name) ? name : rename.link(name));
  return [
    ...[PATTERNS.deviceSetting, PATTERNS.device, PATTERNS.deviceFlag, PATTERNS.deviceQuoted].map((pattern) => {
      return { pattern, by };
    }),
    { pattern: PATTERNS.deviceElement, by: element },
  ];
}

function domain({ tokens }: Ground): Replacement {
  return { pattern: PATTERNS.domain, by: (name) => otherName(name, tokens) };
}

function addresses({ rename, known }: Ground, strict: boolean): readonly Replacement[] {
  const hexadecimal = (_: string, prefix = '', digits = '') =>
    `${prefix}${renameHexadecimal(digits, rename, { known, prefixed: prefix !== '', strict })}`;
  return [
    { pattern: PATTERNS.ip6, by: (text) => renamedIpv6(text, rename.address) },
    { pattern: PATTERNS.ip4, by: (text) => rename.address(withoutZeros(text)) },
    { pattern: PATTERNS.ip4Cut, by: (_, three = '', end = '') => `${firstThree(rename.address(`${three}.0`))}${end}` },
    { pattern: PATTERNS.ip4Dashed, by: (text, separator = '-') => renamedDashed(text, separator, rename.address) },
    { pattern: PATTERNS.hex, by: hexadecimal },
  ];
}

/** A sentence may put a colon behind an address. */
function renamedIpv6(text: string, rename: (address: string) => string): string {
  if (familyOf(text) !== undefined) return rename(text);
  const address = text.replace(/:$/, '');
  return familyOf(address) === undefined ? text : `${rename(address)}:`;
}

/** `192.168.001.010` is read as people mean it, not as octal numbers. */
function withoutZeros(text: string): string {
  return text.replaceAll(/(?<!\d)0+(?=\d)/g, '');
}

function firstThree(address: string): string {
  return bare(address).split('.').slice(0, 3).join('.');
}

function renamedDashed(text: string, separator: string, rename: (address: string) => string): string {
  const address = withoutZeros(text.replaceAll(separator, '.'));
  return familyOf(address) === undefined ? text : rename(address).replaceAll('.', separator);
}

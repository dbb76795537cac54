import { createHmac } from 'node:crypto';
import { familyOf, isSubnet, prefixLength } from '../../ip.js';
import type { Evidence } from '../evidence.js';
import { RedactedAddresses, MacBook } from './addresses.js';
import { knownNumbers } from './hexadecimal.js';
import { EVIDENCE_KEYS, RECORDS } from './keys.js';
import { learnedNames, marksIn, textsIn } from './learned.js';
import { LINK_KEYS, LinkBook, linkNames } from './links.js';
import { namesIn, type Kind, type RedactedNames } from './names.js';
import { filterName, inRules, inSentences, type Ground } from './replacements.js';
import { PATTERNS, replaceAll, type Replacement } from './text.js';
import { Tokens, type Replaced } from './tokens.js';

/** Values that are the same in every network: our own words, those of the kernel, and versions. */
const KEPT = new Set([
  ...['schemaVersion', 'origin', 'takenAt', 'version', 'apiVersion', 'kernel', 'operatingSystem', 'product', 'tool'],
  ...['kind', 'driver', 'mode', 'flag', 'scope', 'type', 'state', 'operState', 'backend', 'family', 'hook', 'policy'],
  ...['purpose', 'failure', 'protocol', 'fact', 'control', 'direction', 'operation', 'action', 'mark', 'readable'],
  ...['over', 'flags', 'software', 'mii'],
]);
/** What a receiver still learns, for the receipt. */
export const KEPT_KINDS: readonly string[] = [
  'which addresses share a subnet, and whether they are private or public',
  'loopback, link-local and multicast addresses, netmasks and prefix lengths',
  'vendors of MAC addresses',
  'interface names that the kernel, systemd or Docker gives, such as eth0, enp0s3.30 and docker0',
  'chains and tables of Docker, ufw, firewalld and other usual programs',
  'options of networks, sysctls, ports, protocols and VLAN ids',
  'versions, the operating system and the product name of the machine',
  'times, counters and error messages of tools without the names in them',
];

/** Names within a packet filter, by their key. */
const FILTER_KEYS = { table: 'table', chain: 'chain', set: 'set' } as const;
/** Text in a packet filter's own language, where a container's name would be a coincidence. */
const FILTER_TEXTS = new Set(['text', 'rule', 'printed', 'verdict', 'elements']);

/**
 * Replaces what could tell whose network it is by tokens, so that the diagnosis stays the same: addresses keep their
 * subnets, gateways and classes, names stay apart, usual names of interfaces and settings are left. The same key gives the
 * same tokens.
 */
export class Redactor {
  readonly #key: Buffer;
  readonly #addresses: RedactedAddresses;
  readonly #macs: MacBook;
  readonly #links: LinkBook;
  readonly #ground: Ground;
  readonly #keys: ReadonlySet<string>;
  readonly #free: (text: string) => string;
  readonly #filter: (text: string) => string;

  /**
   * @param key any text; once it is deleted, the tokens cannot be traced back
   * @param evidence all there is to redact: one name has one token in all of it
   * @param others further names, and texts that may hold subnets
   */
  constructor(key: Buffer, evidence: readonly Evidence[], others: Others = {}) {
    this.#key = key;
    this.#keys = new Set([...EVIDENCE_KEYS, ...(others.keys ?? [])]);
    const texts = textsIn([evidence, others.values]);
    const names = namesIn(evidence, [...learnedNames(texts), ...(others.names ?? [])]);
    const links = linkNames(evidence);
    this.#addresses = new RedactedAddresses(key, subnetsIn(texts));
    this.#macs = new MacBook(key);
    this.#links = new LinkBook(links, (mac) => this.mac(mac));
    this.#ground = {
      ...{ names, links, tokens: new Tokens(numberOfEach(names)), known: knownNumbers(texts, marksIn(evidence)) },
      rename: {
        address: (text) => (familyOf(text) === undefined ? text : this.address(text)),
        mac: (mac) => this.mac(mac),
        id: (id) => this.#id(id),
        link: (name) => this.#link(name),
      },
    };
    this.#free = remembering(inSentences(this.#ground));
    this.#filter = remembering(inRules(this.#ground));
  }

  /** What was replaced so far, by kind: originals and their tokens. For the sender's eyes only. */
  get replaced(): ReadonlyMap<Replaced, ReadonlyMap<string, string>> {
    return this.#ground.tokens.replaced;
  }

  evidence(evidence: Evidence): Evidence {
    return this.value(evidence);
  }

  /** Our own data: every text in it is redacted, unless its key says that it is the same in every network. */
  value<Value>(value: Value): Value {
    return this.#walk(value, '') as Value;
  }

  /** A text without a language of its own: a sentence, a command. */
  text(text: string): string {
    return this.#free(text);
  }

  address(address: string): string {
    const renamed = this.#addresses.rename(address);
    if (renamed === address) return address;
    const whole = /\/(?:32|128)$/;
    this.#ground.tokens.note('address', address.replace(whole, ''), renamed.replace(whole, ''));
    return renamed;
  }

  mac(mac: string): string {
    const renamed = this.#macs.rename(mac);
    return renamed === mac ? mac : this.#ground.tokens.note('mac', mac, renamed);
  }

  #walk(value: unknown, key: string): unknown {
    if (typeof value === 'string') return this.#string(value, key);
    if (Array.isArray(value)) return value.map((one) => this.#walk(one, typeof one === 'string' ? key : `${key}[]`));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(
      ([name, one]) => [this.#keyed(name, key), this.#walk(one, under(key, name))] as const,
    );
    return Object.fromEntries(entries);
  }

  /** A key is data where a record holds one thing for each name; a word of the format stays, also if a container has that name. */
  #keyed(name: string, holder: string): string {
    return this.#keys.has(name) && !RECORDS.has(holder) ? name : this.text(name);
  }

  #string(text: string, key: string): string {
    if (LINK_KEYS.has(key)) return this.#link(text);
    if (KEPT.has(key)) return text;
    if (key in FILTER_KEYS) return filterName(FILTER_KEYS[key as keyof typeof FILTER_KEYS], text, this.#ground);
    return FILTER_TEXTS.has(key) ? this.#filter(text) : this.#free(text);
  }

  #link(name: string): string {
    const renamed = this.#links.rename(name);
    if (renamed !== name) return this.#ground.tokens.note('link', name, renamed);
    const by = (id: string) => this.#id(id);
    return replaceAll(name, [{ pattern: PATTERNS.linkId, by }]);
  }

  /** A shortened id, also in the name of a bridge, means the same object. */
  #id(id: string): string {
    const digest = createHmac('sha256', this.#key).update(id.slice(0, 12)).digest('hex');
    return this.#ground.tokens.note('id', id, digest.slice(0, id.length));
  }
}

/** The place of a value, where its own key says too little. */
function under(holder: string, name: string): string {
  if (RECORDS.has(holder)) return `*${holder}`;
  if (name !== 'name') return name;
  return holder === 'sets[]' ? 'set' : holder === '*links[]' ? 'device' : name;
}

function numberOfEach({ anywhere, inFilters }: RedactedNames): ReadonlyMap<Kind, number> {
  const kinds = [anywhere, ...Object.values(inFilters)].flatMap((some) => [...some.values()]).map(({ kind }) => kind);
  return new Map([...new Set(kinds)].map((kind) => [kind, kinds.filter((one) => one === kind).length]));
}

/** Evidence says the same a thousand times. */
function remembering(replacements: readonly Replacement[]): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const replaced = known.get(text) ?? replaceAll(text, replacements);
    known.set(text, replaced);
    return replaced;
  };
}

/** What else belongs to what is redacted. */
export interface Others {
  readonly names?: Iterable<readonly [Kind, string]>;
  readonly values?: unknown;
  /** Keys of their format, besides those of evidence. */
  readonly keys?: Iterable<string>;
}

/** Every subnet written anywhere: its first and last address have to stay that. */
function subnetsIn(texts: Iterable<string>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const value of texts)
    for (const pattern of [PATTERNS.ip4, PATTERNS.ip6])
      for (const [text] of value.matchAll(pattern))
        if (isSubnet(text) && prefixLength(text) < (familyOf(text) === 4 ? 32 : 128)) found.add(text);
  return found;
}

import { createHmac } from 'node:crypto';
import { familyOf, isSubnet, prefixLength } from '../../ip.js';
import type { Evidence } from '../evidence.js';
import { AddressBook, HardwareBook } from './addresses.js';
import { namesIn, type Kind, type Names } from './names.js';
import { anyOf, PATTERNS, replaceAll, type Replacement } from './text.js';

/** Kinds of things that are replaced. */
export type Replaced = Kind | 'address' | 'mac' | 'comment' | 'user' | 'secret' | 'id';

/** Values that say the same everywhere: a word of ours or of the kernel's, or a version. */
const KEPT = new Set([
  ...['schemaVersion', 'origin', 'takenAt', 'version', 'apiVersion', 'kernel', 'operatingSystem', 'product', 'tool'],
  ...['kind', 'driver', 'mode', 'flag', 'scope', 'type', 'state', 'operState', 'backend', 'family', 'hook', 'policy'],
  ...['purpose', 'failure', 'protocol', 'fact', 'control', 'direction', 'operation', 'action', 'mark', 'readable'],
  ...['over', 'flags', 'device', 'controller', 'inDevice', 'outDevice', 'parent', 'interface'],
]);
/** Names within a packet filter, by the key they stand under. */
const FILTER_KEYS = { table: 'table', chain: 'chain', set: 'set' } as const;
/** Text in a packet filter's own language, where a container's name would be a coincidence. */
const FILTER_TEXTS = new Set(['text', 'rule', 'verdict', 'elements']);

/**
 * Replaces what could tell whose network it is by tokens, so that the diagnosis stays the same: addresses keep their
 * subnets, gateways and classes, names stay apart, interface names and settings are left. The same key gives the same tokens.
 */
export class Redactor {
  readonly #key: Buffer;
  readonly #names: Names;
  readonly #addresses: AddressBook;
  readonly #hardware: HardwareBook;
  readonly #replaced = new Map<Replaced, Map<string, string>>();
  readonly #free: (text: string) => string;
  readonly #filter: (text: string) => string;

  /**
   * @param key anything; throw it away, and nobody can find out what the tokens stand for
   * @param evidence all there is to redact: one name has one token in all of it
   * @param others further names, and texts that may hold subnets
   */
  constructor(key: Buffer, evidence: readonly Evidence[], others: Others = {}) {
    this.#key = key;
    this.#names = namesIn(evidence, others.names);
    this.#addresses = new AddressBook(key, subnetsIn([evidence, others.values]));
    this.#hardware = new HardwareBook(key);
    const common = this.#common();
    this.#free = remembering([...this.#secrets(), this.#anyName(), this.#domain(), ...common]);
    this.#filter = remembering([...this.#secrets(), ...this.#filterNames(), this.#domain(), ...common]);
  }

  /** What was replaced so far, by kind: originals and their tokens. For the sender's eyes only. */
  get replaced(): ReadonlyMap<Replaced, ReadonlyMap<string, string>> {
    return this.#replaced;
  }

  evidence(evidence: Evidence): Evidence {
    return this.value(evidence);
  }

  /** Any data of ours: every text in it is redacted, unless its key says that it is a word of everybody's. */
  value<Value>(value: Value): Value {
    return this.#walk(value, '') as Value;
  }

  /** A text in nobody's particular language: a sentence, a command. */
  text(text: string): string {
    return this.#free(text);
  }

  address(address: string): string {
    const renamed = this.#addresses.rename(address);
    if (renamed === address) return address;
    const whole = /\/(?:32|128)$/;
    this.#note('address', address.replace(whole, ''), renamed.replace(whole, ''));
    return renamed;
  }

  mac(mac: string): string {
    const renamed = this.#hardware.rename(mac);
    return renamed === mac ? mac : this.#note('mac', mac, renamed);
  }

  #walk(value: unknown, key: string): unknown {
    if (typeof value === 'string') return this.#string(value, key);
    if (Array.isArray(value)) return value.map((one) => this.#walk(one, key));
    if (typeof value !== 'object' || value === null) return value;
    const under = (name: string) => (key === 'sets' && name === 'name' ? 'set' : name);
    const entries = Object.entries(value).map(
      ([name, one]) => [this.text(name), this.#walk(one, under(name))] as const,
    );
    return Object.fromEntries(entries);
  }

  #string(text: string, key: string): string {
    if (KEPT.has(key)) return key === 'parent' || key === 'device' ? replaceAll(text, [this.#id()]) : text;
    if (key in FILTER_KEYS) return this.#filterName(FILTER_KEYS[key as keyof typeof FILTER_KEYS], text);
    return FILTER_TEXTS.has(key) ? this.#filter(text) : this.#free(text);
  }

  #filterName(kind: 'table' | 'chain' | 'set', name: string): string {
    const token = this.#names.inFilters[kind].get(name);
    return token ? this.#note(kind, name, token.text) : name;
  }

  #anyName(): Replacement {
    const { anywhere } = this.#names;
    const by = (name: string) => {
      const token = anywhere.get(name);
      return token ? this.#note(token.kind, name, token.text) : name;
    };
    return { pattern: anyOf(anywhere.keys()), by };
  }

  #secrets(): readonly Replacement[] {
    const secrets = PATTERNS.secret.map((pattern) => ({
      pattern,
      by: (secret: string) => this.#numbered('secret', secret),
    }));
    const comment = (...[, before = '', said = '', block = '']: readonly string[]) =>
      block ? `/* ${this.#numbered('comment', block)} */` : `${before}"${this.#numbered('comment', said)}"`;
    const user = (_: string, before = '', name = '') => `${before}${this.#numbered('user', name)}`;
    return [{ pattern: PATTERNS.comment, by: comment }, { pattern: PATTERNS.user, by: user }, ...secrets];
  }

  #filterNames(): readonly Replacement[] {
    return [
      { pattern: PATTERNS.jump, by: (_, before = '', name = '') => `${before}${this.#filterName('chain', name)}` },
      { pattern: PATTERNS.set, by: (_, before = '', name = '') => `${before}${this.#filterName('set', name)}` },
    ];
  }

  #domain(): Replacement {
    return { pattern: PATTERNS.domain, by: (name) => `${this.#numbered('name', name, 'other-name')}.example` };
  }

  #common(): readonly Replacement[] {
    const address = (text: string) => (familyOf(text) === undefined ? text : this.address(text));
    return [
      { pattern: PATTERNS.mac, by: (mac) => this.mac(mac) },
      { pattern: PATTERNS.ip6, by: address },
      { pattern: PATTERNS.ip4, by: address },
      this.#id(),
    ];
  }

  /** Whoever shortens an id, or names a bridge by it, still means the same object. */
  #id(): Replacement {
    const by = (id: string) => {
      const digest = createHmac('sha256', this.#key).update(id.slice(0, 12)).digest('hex');
      return this.#note('id', id, digest.slice(0, id.length));
    };
    return { pattern: PATTERNS.id, by };
  }

  #numbered(kind: Replaced, original: string, word: string = kind): string {
    const known = this.#replaced.get(kind)?.get(original);
    if (known !== undefined) return known;
    const count = [...(this.#replaced.get(kind)?.values() ?? [])].filter((token) => token.startsWith(word)).length;
    return this.#note(kind, original, `${word}-${count + 1}`);
  }

  #note(kind: Replaced, original: string, token: string): string {
    const tokens = this.#replaced.get(kind) ?? new Map<string, string>();
    this.#replaced.set(kind, tokens.set(original, token));
    return token;
  }
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
}

/** Every subnet written anywhere: its first and last address have to stay that. */
function subnetsIn(value: unknown, found = new Set<string>()): ReadonlySet<string> {
  if (typeof value === 'string') {
    for (const pattern of [PATTERNS.ip4, PATTERNS.ip6])
      for (const [text] of value.matchAll(pattern))
        if (isSubnet(text) && prefixLength(text) < (familyOf(text) === 4 ? 32 : 128)) found.add(text);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, one] of Object.entries(value)) {
      subnetsIn(key, found);
      subnetsIn(one, found);
    }
  }
  return found;
}

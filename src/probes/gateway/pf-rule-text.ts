import type { Link } from '../../evidence/facts.js';
import { bare, familyOf, subnetOf } from '../../ip.js';
import { oneOf } from './translated-rule.js';

/** What names in rules of pf stand for. */
export interface PfNames {
  readonly links: readonly Link[];
  /** Interfaces by the group they are in. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
}

/** Words of a rule, with what is in brackets or quotes in one. */
export function pfWords(rule: string): readonly string[] {
  return rule.match(/"[^"]*"|\([^)]*\)|\{[^}]*\}|[^\s]+/g) ?? [];
}

/** What a rule of pf says, word by word. What is absent narrows nothing. */
export interface PfRule {
  readonly action: string;
  readonly way: 'in' | 'out' | undefined;
  readonly quick: boolean;
  readonly interface: string | undefined;
  readonly family: 'inet' | 'inet6' | undefined;
  readonly protocol: string | undefined;
  readonly from: string | undefined;
  readonly fromPort: string | undefined;
  readonly to: string | undefined;
  readonly toPort: string | undefined;
  /** Matches only packets that begin a TCP connection: `flags S/SA`. */
  readonly beginsOnly: boolean;
  readonly icmp: string | undefined;
  /** Replies to what it passes need a rule of their own. */
  readonly stateless: boolean;
  /** The other words: none of them is understood. */
  readonly rest: readonly string[];
}

/** Words with how many follow that belong to them and narrow nothing. */
const NEUTRAL: Readonly<Record<string, number>> = {
  ...{ log: 0, label: 1, ridentifier: 1, 'allow-opts': 0, tag: 1, queue: 1, rtable: 1, tracker: 1, 'reply-to': 1 },
  ...{ dnqueue: 1, dnpipe: 1, keep: 1, modulate: 1, synproxy: 1, drop: 0, all: 0, fragment: 0, 'return-rst': 0 },
  ...{ return: 0, 'return-icmp': 0, 'return-icmp6': 0, 'max-pkt-rate': 1, 'sticky-address': 0, set: 2 },
};

/** Reads a rule as `pfctl -sr` prints it. */
export function pfRule(text: string): PfRule {
  const words = [...pfWords(text)];
  const action = words.shift() ?? '';
  const { told, rest } = readWords(words);
  return {
    ...{ action, way: told['way'] as PfRule['way'], quick: told['quick'] !== undefined, interface: told['on'] },
    ...{ family: told['family'] as PfRule['family'], protocol: told['proto'], from: told['from'], to: told['to'] },
    ...{ fromPort: told['fromPort'], toPort: told['toPort'], beginsOnly: told['flags'] === 'S/SA' },
    ...{ icmp: told['icmp-type'] ?? told['icmp6-type'], stateless: told['no'] === 'state' },
    rest: told['flags'] === undefined || /^(?:S\/SA|any)$/.test(told['flags']) ? rest : [...rest, 'flags'],
  };
}

/** What words say by the word before them, and those that are not understood. */
function readWords(words: string[]) {
  const told: Record<string, string | undefined> = {};
  const rest: string[] = [];
  while (words.length > 0) {
    const word = words.shift() ?? '';
    if (/^(?:in|out)$/.test(word)) told['way'] = word;
    else if (/^(?:inet6?)$/.test(word)) told['family'] = word;
    else if (word === 'quick') told[word] = word;
    else if (/^(?:on|proto|flags|icmp-type|icmp6-type|no)$/.test(word)) told[word] = operand(words);
    else if (word === 'from' || word === 'to') {
      told[word] = operand(words);
      if (words[0] === 'port') told[`${word}Port`] = portsAfter(words);
    } else if (word in NEUTRAL) words.splice(0, NEUTRAL[word]);
    else if (!word.startsWith('(')) rest.push(word);
  }
  return { told, rest };
}

/** The word that follows, with a `!` before it. */
function operand(words: string[]): string {
  const word = words.shift() ?? '';
  return word === '!' ? `!${words.shift() ?? ''}` : word;
}

/** `port = 53`, `port 1024:65535`, `port > 1023`. */
function portsAfter(words: string[]): string {
  words.shift();
  const word = words.shift() ?? '';
  return /^(?:=|!=|<|>|<=|>=)$/.test(word) ? `${word}${words.shift() ?? ''}` : word;
}

/** @returns words of nftables; `undefined` where an address has no translation; none where it narrows nothing */
export function addressWords(
  word: 'saddr' | 'daddr',
  address: string | undefined,
  { links }: PfNames,
): readonly string[] | undefined {
  if (address === undefined || address === 'any') return [];
  const not = address.startsWith('!') ? '!= ' : '';
  const plain = address.replace(/^!/, '');
  const table = /^<(.+)>$/.exec(plain)?.[1];
  if (table !== undefined) return [`ip ${word} ${not}@${table}`];
  if (familyOf(plain) !== undefined) return [`ip ${word} ${not}${plain}`];
  const named = addressesNamed(plain, links);
  return named === undefined || named.length === 0 ? undefined : [`ip ${word} ${not}${oneOf(named)}`];
}

/** `(em1)`, `em1`, `(em1:network)`, `self`. */
function addressesNamed(name: string, links: readonly Link[]): readonly string[] | undefined {
  if (name === 'self') return links.flatMap(({ addresses }) => addresses.map(bare));
  const [, device, part] = /^\(?([^():]+)(?::(\w+))?\)?$/.exec(name) ?? [];
  const link = links.find((one) => one.name === device);
  if (!link || (part !== undefined && part !== 'network' && part !== '0')) return undefined;
  return link.addresses.map(part === 'network' ? subnetOf : bare);
}

/** Ports by the names that pfctl prints for them. */
const SERVICES: Readonly<Record<string, string>> = {
  ...{
    ftp: '21',
    ssh: '22',
    telnet: '23',
    smtp: '25',
    domain: '53',
    bootps: '67',
    bootpc: '68',
    http: '80',
    ntp: '123',
  },
  ...{ https: '443', isakmp: '500', 'dhcpv6-client': '546', 'dhcpv6-server': '547', 'sae-urn': '4500' },
};

/** @returns words of nftables; `undefined` without a translation; none where it narrows nothing */
export function portWords(word: 'sport' | 'dport', port: string | undefined): readonly string[] | undefined {
  if (port === undefined) return [];
  const [, sign = '', first = '', last] = /^(=|!=)?([\w-]+?)(?:[:](\w+))?$/.exec(port) ?? [];
  const number = (name: string) => (/^\d+$/.test(name) ? name : SERVICES[name]);
  const [from, to] = [number(first), last === undefined ? '' : number(last)];
  if (from === undefined || to === undefined) return undefined;
  return [`tcp ${word} ${sign === '!=' ? '!= ' : ''}${from}${to === '' ? '' : `-${to}`}`];
}

/** @returns words of nftables; `undefined` for an interface that is not there, which no packet crosses */
export function interfaceWords(
  word: 'iifname' | 'oifname',
  name: string | undefined,
  { links, groups }: PfNames,
): readonly string[] | undefined {
  if (name === undefined || name === 'any') return [];
  const not = name.startsWith('!') ? '!= ' : '';
  const plain = name.replace(/^!/, '');
  const members = links.some((link) => link.name === plain) ? [plain] : (groups.get(plain) ?? []);
  if (members.length === 0) return not === '' ? undefined : [];
  return [`${word} ${not}${oneOf(members, true)}`];
}

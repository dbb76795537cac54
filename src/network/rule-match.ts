import type { Firewall, FirewallRule } from '../evidence/facts.js';
import { contains, familyOf } from '../ip.js';

/** A packet where a rule meets it. What is absent is not known there, and a rule that asks for it may match or not. */
export interface Passing {
  readonly source: string;
  readonly destination?: string | undefined;
  readonly inDevice?: string | undefined;
  readonly outDevice?: string | undefined;
  readonly protocol?: string | undefined;
  /** Port it goes to; absent for protocols without. */
  readonly port?: number | undefined;
  /** Port it comes from, where that is known: an answer's is the port of the service. */
  readonly sourcePort?: number | undefined;
  /** Kind of ICMP message, where that is known. */
  readonly icmp?: 'echo-request' | 'echo-reply' | undefined;
  /** Its connection tracking state in the node, where that follows from its path. */
  readonly state?: TrackedState | undefined;
}

export type TrackedState = 'new' | 'established' | 'invalid';

/** `maybe` where a rule asks for more than we can read or know. */
export type Answer = 'yes' | 'no' | 'maybe';

/** What a rule may say without narrowing what it matches. */
const NEUTRAL = [
  /^-A \S+/,
  /\bcounter\b/,
  /-m comment --comment (?:"[^"]*"|\S+)/,
  /comment "[^"]*"/,
  /-m (?:tcp|udp|icmp6?|conntrack|state)\b/,
  /\blog(?: (?:prefix "[^"]*"|level \S+|group \d+))*/,
  /(?:-j \S+|xt target "\w+"|\b(?:masquerade|snat|dnat|redirect|accept|return|drop|reject|jump|goto)\b).*$/,
];

const SOURCE = /(?:(?:ip6? )?saddr (!= )?|(! )?-s )(\{[^}]*\}|\S+)/;
const DESTINATION = /(?:(?:ip6? )?daddr (!= )?|(! )?-d )(\{[^}]*\}|\S+)/;
const OUT = /(?:oif(?:name)? (!= )?|(! )?-o )(\{[^}]*\}|\S+)/;
const IN = /(?:iif(?:name)? (!= )?|(! )?-i )(\{[^}]*\}|\S+)/;
const PROTOCOL = /(?:(?:ip protocol|ip6 nexthdr|meta l4proto) (!= )?|(! )?-p )(\{[^}]*\}|\S+)/;
const PORT = /(?:(?:tcp|udp|th) dport (!= )?|(! )?--dport )(\{[^}]*\}|\S+)/;
const SOURCE_PORT = /(?:(?:tcp|udp|th) sport (!= )?|(! )?--sport )(\{[^}]*\}|\S+)/;
const ICMP = /(?:icmp(?:v6)? type (!= )?|(! )?--icmp(?:v6)?-type )(\{[^}]*\}|\S+)/;
const STATE = /(?:ct state (?!vmap)(!= )?|(! )?--(?:ct)?state )(\{[^}]*\}|[\w,]+)/;

const FAMILY = /meta nfproto (!= )?(!)?(\{[^}]*\}|\S+)/;

const SELECTORS = [FAMILY, SOURCE, DESTINATION, OUT, IN, PORT, SOURCE_PORT, ICMP, PROTOCOL, STATE];

/** iptables prints numbers where it is given names. */
const ICMP_NUMBERS = { 'echo-request': ['8', '128'], 'echo-reply': ['0', '129'] } as const;

/** Whether a rule, in nftables' or in iptables' words, takes a packet. */
export function matchesRule({ text, family, table }: FirewallRule, packet: Passing, firewall: Firewall): Answer {
  if (!mayCarry(family, packet)) return 'no';
  const elements = (name: string) =>
    firewall.sets?.find((set) => set.name === name && set.table === table && set.family === family)?.elements;
  const ask = (selector: RegExp, test: (word: string) => Answer) => selects(selector.exec(text), elements, test);
  const answers = [
    ask(FAMILY, (word) => same(word, familyOf(packet.source) === 6 ? 'ipv6' : 'ipv4')),
    ask(SOURCE, (word) => covers(word, packet.source)),
    ask(DESTINATION, (word) => covers(word, packet.destination)),
    ask(OUT, (word) => wildcard(word, packet.outDevice)),
    ask(IN, (word) => wildcard(word, packet.inDevice)),
    ask(PROTOCOL, (word) => same(/^(?:ipv6-icmp|icmpv6)$/.test(word) ? 'icmp' : word, packet.protocol)),
    ask(STATE, (word) => same(word.toLowerCase(), packet.state)),
    ask(PORT, (word) => holdsPort(word, packet.port === undefined ? packet.protocol && 'none' : String(packet.port))),
    ask(SOURCE_PORT, (word) => holdsPort(word, packet.sourcePort?.toString())),
    ask(ICMP, (word) => sameKind(word, packet)),
  ];
  if (answers.includes('no') || isOfOtherTransport(text, packet)) return 'no';
  const rest = [...SELECTORS, ...NEUTRAL].reduce((left, part) => left.replace(part, ''), text).trim();
  return rest === '' && !answers.includes('maybe') ? 'yes' : 'maybe';
}

/** Whether a rule of nftables names a port of another protocol than the packet's: `tcp dport 53` takes nothing over UDP. */
function isOfOtherTransport(text: string, { protocol }: Passing): boolean {
  const named = /\b(tcp|udp) [ds]port\b/.exec(text)?.[1];
  return named !== undefined && protocol !== undefined && named !== protocol;
}

/** Source addresses and subnets that the rules of a filter name, those in sets included. */
export function sourcesNamed({ rules, sets = [] }: Firewall): readonly string[] {
  const words = rules.flatMap(({ text }) => (SOURCE.exec(text)?.[3] ?? '').replace(/^\{|\}$/g, '').split(','));
  const all = [...words, ...sets.flatMap(({ elements }) => elements)].map((word) => word.trim());
  return [...new Set(all)].filter((word) => familyOf(word) !== undefined);
}

/** Tables of one family never see the other's packets. */
export function mayCarry(family: string, { source }: Pick<Passing, 'source'>): boolean {
  return { ip: 4, ip6: 6 }[family] !== 10 - (familyOf(source) ?? 4);
}

/** Whether one selector matches: absent it does; `{ a, b }` and `@set` match as any of their elements. */
function selects(
  found: RegExpExecArray | null,
  elements: (set: string) => readonly string[] | undefined,
  test: (word: string) => Answer,
): Answer {
  if (!found) return 'yes';
  const [, nftNot, iptablesNot, operand = ''] = found;
  const words = operand.startsWith('@') ? elements(operand.slice(1)) : operand.replace(/^\{|\}$/g, '').split(',');
  if (!words) return 'maybe';
  const answers = words.map((word) => test(word.trim().replaceAll('"', '')));
  const any = answers.includes('yes') ? 'yes' : answers.includes('maybe') ? 'maybe' : 'no';
  return nftNot || iptablesNot ? INVERTED[any] : any;
}

const INVERTED = { yes: 'no', no: 'yes', maybe: 'maybe' } as const;

/** Ranges and names of variables are left alone. */
function covers(word: string, address: string | undefined): Answer {
  if (address === undefined || familyOf(word) === undefined) return 'maybe';
  return contains(word, address) ? 'yes' : 'no';
}

/** `eth+` in iptables and `eth*` in nftables stand for every interface so named. */
function wildcard(word: string, device: string | undefined): Answer {
  if (device === undefined) return 'maybe';
  return (/[+*]$/.test(word) ? device.startsWith(word.slice(0, -1)) : word === device) ? 'yes' : 'no';
}

function sameKind(word: string, { protocol, icmp }: Passing): Answer {
  if (protocol !== undefined && protocol !== 'icmp') return 'no';
  if (icmp === undefined) return 'maybe';
  return word === icmp || ICMP_NUMBERS[icmp].some((number) => number === word) ? 'yes' : 'no';
}

/** `1000-2000` in nftables, `1000:2000` in iptables. */
function holdsPort(word: string, port: string | undefined): Answer {
  const [, first, last] = /^(\d*)[-:](\d*)$/.exec(word) ?? [];
  if (port === undefined || first === undefined || last === undefined) return same(word, port);
  return Number(port) >= Number(first) && Number(port) <= Number(last || 65535) ? 'yes' : 'no';
}

function same(word: string, value: string | undefined): Answer {
  if (value === undefined) return 'maybe';
  return word === value ? 'yes' : 'no';
}

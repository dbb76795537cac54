import type { Firewall, FirewallRule, FirewallSet } from '../../evidence/facts.js';
import { addressWords, interfaceWords, pfRule, portWords, type PfNames, type PfRule } from './pf-rule-text.js';
import { baseChain, jumpChain, translatedRule, type ForeignRule, type RuleTable } from './translated-rule.js';

const FILTER: RuleTable = { backend: 'pf', family: 'inet', table: 'filter' };
const NAT: RuleTable = { backend: 'pf', family: 'inet', table: 'nat' };

/** What pf prints of itself. */
export interface PfPrinted {
  /** `pfctl -a "*" -sr` */
  readonly rules: string;
  /** `pfctl -a "*" -sn` */
  readonly nat: string;
  /** Addresses by table. A table that was not read is absent. */
  readonly tables: ReadonlyMap<string, readonly string[]>;
}

/**
 * The packet filter in words of the model. A packet that is forwarded crosses the rules for what comes in, then those for what
 * goes out. The last rule that matches decides, except where one is `quick`: so those come first here, and the others
 * in reverse.
 */
export function pfFirewall({ rules, nat, tables }: PfPrinted, names: PfNames): Firewall {
  const filter = linesOf(rules);
  const chains = (['in', 'out'] as const).map((way) => ({ way, rules: chainOf(way, filter, names) }));
  return {
    readable: ['pf'],
    chains: [
      ...[baseChain(FILTER, 'forward in', 'forward'), baseChain(FILTER, 'forward out', 'forward-out')],
      ...[baseChain(FILTER, 'to the router', 'input'), jumpChain(FILTER, 'in'), jumpChain(FILTER, 'out')],
      baseChain(NAT, 'nat', 'srcnat'),
    ],
    rules: [
      ...[jump('forward in', 'in'), jump('forward out', 'out'), jump('to the router', 'in')],
      ...chains.flatMap((chain) => chain.rules),
      ...linesOf(nat).flatMap((line) => natRule(line, names)),
    ],
    sets: [FILTER, NAT].flatMap(({ family, table }) =>
      [...tables].flatMap(([name, elements]): readonly FirewallSet[] =>
        elements.some((one) => one.startsWith('!')) ? [] : [{ family, table, name, elements }],
      ),
    ),
  };
}

function jump(chain: string, to: string): FirewallRule {
  return translatedRule(FILTER, { chain, matches: [], verdict: `jump ${to}`, unclear: false, printed: to });
}

/** Rules in order, those in anchors too; an anchor that does not take every packet is kept as a line of its own. */
function linesOf(text: string): readonly string[] {
  const lines: string[] = [];
  let within = 0;
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '}') within = Math.max(0, within - 1);
    else if (/^(?:nat-|rdr-|binat-)?anchor .*\{$/.test(line)) {
      if (within > 0 || !/ all \{$/.test(line)) within += 1;
      if (within > 0) lines.push(line);
    } else if (within === 0 && line !== '') lines.push(line);
    else if (within > 0 && line !== '') lines.push(`unclear ${line}`);
  }
  return lines;
}

function chainOf(way: 'in' | 'out', lines: readonly string[], names: PfNames): readonly FirewallRule[] {
  const own = lines.flatMap((line) => {
    const rule = pfRule(line.replace(/^unclear /, ''));
    if (!/^(?:pass|block|anchor)$/.test(rule.action) || (rule.way !== undefined && rule.way !== way)) return [];
    const nested = line.startsWith('unclear ') || rule.action === 'anchor';
    return [{ rule, made: filterRules(way, { line: line.replace(/^unclear /, ''), rule, nested }, names) }];
  });
  const quick = own.filter(({ rule }) => rule.quick).flatMap(({ made }) => made);
  const others = own.filter(({ rule }) => !rule.quick).reverse();
  return [known(way), ...quick, ...others.flatMap(({ made }) => made)];
}

/** What a rule let pass is remembered, and so are its replies. */
function known(chain: string): FirewallRule {
  const matches = ['ct state { established, related }'];
  return translatedRule(FILTER, { chain, matches, verdict: 'accept', unclear: false, printed: 'keep state' });
}

interface Line {
  readonly line: string;
  readonly rule: PfRule;
  /** Within an anchor whose own conditions are not known. */
  readonly nested: boolean;
}

/** A rule that lets only beginnings of TCP connections pass is two: other protocols have no beginnings. */
function filterRules(way: 'in' | 'out', { line, rule, nested }: Line, names: PfNames): readonly FirewallRule[] {
  // What an anchor holds follows it in braces; without them it was not printed.
  if (rule.action === 'anchor') return line.endsWith('{') ? [] : [unclearAnchor(way, line)];
  const matched = conditions(rule, way === 'in' ? 'iifname' : 'oifname', names);
  if (matched === undefined) return [];
  const verdict = rule.action === 'pass' ? 'accept' : 'drop';
  // What goes out was translated before it meets these rules.
  const afterNat = way === 'out' && rule.from !== undefined && rule.from !== 'any';
  const unclear = matched.unclear || nested || afterNat;
  const made = (...more: readonly string[]): ForeignRule => ({
    ...{ chain: way, matches: [...matched.words, ...more], verdict, unclear, printed: line },
  });
  if (verdict === 'drop' || rule.stateless || !rule.beginsOnly) return [translatedRule(FILTER, made())];
  const begins = translatedRule(FILTER, made('ct state new'));
  if (rule.protocol === 'tcp') return [begins];
  return [begins, translatedRule(FILTER, rule.protocol === undefined ? made('meta l4proto != tcp') : made())];
}

function unclearAnchor(chain: string, printed: string): FirewallRule {
  return translatedRule(FILTER, { chain, matches: [], verdict: 'unclear', unclear: true, printed });
}

/** @returns `undefined` for a rule that no packet meets, or only those of other families */
function conditions(rule: PfRule, device: 'iifname' | 'oifname', names: PfNames) {
  const on = interfaceWords(device, rule.interface, names);
  if (on === undefined) return undefined;
  const parts = [
    addressWords('saddr', rule.from, names),
    addressWords('daddr', rule.to, names),
    portWords('sport', rule.fromPort),
    portWords('dport', rule.toPort),
    icmpWords(rule),
    rule.family === undefined ? [] : [`meta nfproto ${rule.family === 'inet' ? 'ipv4' : 'ipv6'}`],
    rule.protocol === undefined ? [] : [`meta l4proto ${rule.protocol === 'ipv6-icmp' ? 'icmp' : rule.protocol}`],
  ];
  return {
    words: [...on, ...parts.flatMap((part) => part ?? [])],
    unclear: rule.rest.length > 0 || parts.includes(undefined),
  };
}

function icmpWords({ icmp }: PfRule): readonly string[] | undefined {
  if (icmp === undefined) return [];
  const kind = { echoreq: 'echo-request', echorep: 'echo-reply' }[icmp];
  return kind === undefined ? undefined : [`icmp type ${kind}`];
}

/** `nat on em0 inet from 192.168.1.0/24 to any -> (em0) port 1024:65535`; the first that matches decides. */
function natRule(line: string, names: PfNames): readonly FirewallRule[] {
  const [, exempt, kind = '', selected = ''] =
    /^(no )?(nat|binat)(?: pass)?(?: log)? (.*?)(?: ->.*)?$/.exec(line) ?? [];
  if (kind === '') return /^unclear (?:no )?nat|^nat-anchor .*[^{]$/.test(line) ? [unclearNat(line)] : [];
  const rule = pfRule(`nat ${selected}`);
  const matched = conditions(rule, 'oifname', names);
  if (matched === undefined) return [];
  const verdict = exempt === undefined ? 'masquerade' : 'accept';
  const { words: matches, unclear } = matched;
  return [translatedRule(NAT, { chain: 'nat', matches, verdict, unclear, printed: line })];
}

function unclearNat(line: string): FirewallRule {
  const printed = line.replace(/^unclear /, '');
  return translatedRule(NAT, { chain: 'nat', matches: [], verdict: 'masquerade', unclear: true, printed });
}

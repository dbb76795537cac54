import type { FirewallChain, FirewallRule, FirewallSet } from '../../evidence/facts.js';
import { TRACE_TABLES } from '../capture/trace-table.js';

/** Chains and rules with their counters at one moment. */
export interface Ruleset {
  readonly chains: readonly FirewallChain[];
  readonly rules: readonly FirewallRule[];
  /** Absent for a filter that has no named sets of its own. */
  readonly sets?: readonly FirewallSet[];
}

/** Names nftables prints for the usual priorities. */
const PRIORITIES: Readonly<Record<string, number>> = {
  raw: -300,
  mangle: -150,
  dstnat: -100,
  filter: 0,
  security: 50,
  srcnat: 100,
};

/**
 * `nft -a list ruleset`. Its text is what an administrator would see, which its JSON is not; maps are passed
 * over.
 *
 * @param warnings what nft wrote on its error output: it warns there of tables that iptables-nft manages
 */
export function parseRuleset(printed: string, warnings = ''): Ruleset {
  const text = withoutTraceTables(printed);
  const managed = new Set(
    [...`${printed}\n${warnings}`.matchAll(/table (\S+ \S+) is managed by iptables-nft/g)].map(([, table]) => table),
  );
  const chains: FirewallChain[] = [];
  const rules: FirewallRule[] = [];
  let table = { family: '', name: '', managed: false };
  let chain: FirewallChain | undefined;
  for (const line of text.split('\n').map((raw) => raw.trim())) {
    const opened = /^table (\S+) (\S+) \{/.exec(line);
    if (opened) {
      const [, family = '', name = ''] = opened;
      table = { family, name, managed: managed.has(`${family} ${name}`) };
    } else if (/^chain \S+ \{/.test(line)) chain = newChain(line.split(' ')[1] ?? '', table);
    else if (chain && line === '}') {
      chains.push(chain);
      chain = undefined;
    } else if (chain && /^type \w+ hook /.test(line)) chain = { ...chain, ...parseHook(line) };
    else if (chain && / # handle \d+$/.test(line)) rules.push(parseRule(line, chain));
  }
  return { ...relabelled({ chains, rules }), sets: parseSets(text) };
}

/** Another look's table filters nothing, and is gone in a moment. */
function withoutTraceTables(text: string): string {
  const tables = text.split(/^(?=table )/m);
  return tables.filter((table) => !table.startsWith(`table inet ${TRACE_TABLES}`)).join('');
}

/** `set NAME {` with its `elements = { … }`, which may go on over several lines; what an element carries besides is dropped. */
function parseSets(text: string): readonly FirewallSet[] {
  return text.split(/^(?=table )/m).flatMap((content) => {
    const [, family = '', table = ''] = /^table (\S+) (\S+) \{/.exec(content) ?? [];
    return [...content.matchAll(/^\tset (\S+) \{([^]*?)^\t\}/gm)].map(([, name = '', body = '']) => ({
      family,
      table,
      name,
      elements: elementsOf(/elements = \{([^]*)\}/.exec(body)?.[1] ?? ''),
    }));
  });
}

function elementsOf(list: string): readonly string[] {
  const elements = list.replaceAll(/ comment "[^"]*"/g, '').split(',');
  return elements.map((one) => one.trim().replace(/ (?:timeout|expires|counter) .*$/, '')).filter(Boolean);
}

/** nft warns only of tables with rules it cannot translate; the rest of iptables-nft's are recognized by their built-in chains. */
const IPTABLES_TABLE = /^ip6? (?:filter|nat|mangle|raw|security)$/;
const IPTABLES_CHAIN = /^(?:PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)$/;

function relabelled({ chains, rules }: Ruleset): Ruleset {
  const table = (one: { family: string; table: string }) => `${one.family} ${one.table}`;
  const foreign = new Set(
    chains.filter(({ hook, chain }) => hook !== undefined && !IPTABLES_CHAIN.test(chain)).map(table),
  );
  const own = new Set(
    chains
      .filter((one) => one.hook !== undefined && IPTABLES_TABLE.test(table(one)) && !foreign.has(table(one)))
      .map(table),
  );
  const label = <T extends FirewallChain | FirewallRule>(one: T): T =>
    own.has(table(one)) ? { ...one, backend: 'iptables-nft' } : one;
  return { chains: chains.map(label), rules: rules.map(label) };
}

function newChain(name: string, table: { family: string; name: string; managed: boolean }): FirewallChain {
  return {
    backend: table.managed ? 'iptables-nft' : 'nftables',
    family: table.family,
    table: table.name,
    chain: name,
    hook: undefined,
    priority: undefined,
    type: undefined,
    policy: undefined,
    policyPackets: undefined,
  };
}

/** `type filter hook output priority filter + 10; policy drop;`, in the netdev family with `device "eth0"` before the priority. */
function parseHook(line: string): Pick<FirewallChain, 'hook' | 'type' | 'priority' | 'policy' | 'devices'> {
  const [, type, hook] = /^type (\w+) hook (\w+)/.exec(line) ?? [];
  const [, base = '0', sign = '+', offset = '0'] = /priority (-?\w+)(?: ([+-]) (\d+))?/.exec(line) ?? [];
  const priority = (PRIORITIES[base] ?? Number(base)) + (sign === '-' ? -1 : 1) * Number(offset);
  const policy = /policy (\w+)/.exec(line)?.[1] ?? 'accept';
  const devices = / devices? (?:= )?(\{[^}]*\}|\S+) priority/.exec(line)?.[1]?.match(/[^\s{},"]+/g);
  return { type, hook, priority, policy, ...(devices ? { devices } : {}) };
}

function parseRule(line: string, { backend, family, table, chain }: FirewallChain): FirewallRule {
  const [, body = '', handle = ''] = /^(.*) # handle (\d+)$/.exec(line) ?? [];
  const packets = /counter packets (\d+) bytes \d+/.exec(body)?.[1];
  const text = body.replace(/counter packets \d+ bytes \d+/, 'counter');
  return {
    backend,
    family,
    table,
    chain,
    handle: Number(handle),
    text,
    verdict: verdictOf(text),
    packets: packets === undefined ? undefined : Number(packets),
  };
}

/**
 * The statement that decides; a comment may follow it, and any quoted text may read like one. Targets nftables cannot
 * translate are printed as `xt target NAME`, with or without quotes by version.
 */
function verdictOf(text: string): string | undefined {
  const decided = text.replace(/ comment "[^"]*"$/, '');
  const foreign = /xt target "?(\w+)"?/.exec(decided)?.[1];
  if (foreign) return /^(LOG|MARK|CONNMARK|TCPMSS)$/.test(foreign) ? undefined : foreign.toLowerCase();
  if (/ vmap /.test(decided)) return 'vmap';
  return /(?:^| )((?:jump|goto) \S+|accept|drop|reject|masquerade|snat|dnat|redirect|return|queue)(?: (?:with|to|random|persistent|fully-random|num|flags|ip|ip6)\b.*)?$/.exec(
    decided,
  )?.[1];
}

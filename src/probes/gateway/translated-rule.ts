import type { FirewallBackend, FirewallChain, FirewallRule } from '../../evidence/facts.js';

/** Where a router's rules are kept. */
export interface RuleTable {
  readonly backend: FirewallBackend;
  readonly family: 'ip' | 'ip6' | 'inet';
  readonly table: string;
}

/** A rule of a router that runs no Linux. */
export interface ForeignRule {
  readonly chain: string;
  /** What it selects, in words of nftables. */
  readonly matches: readonly string[];
  /** `accept`, `drop`, `masquerade`, `jump x`, …; `undefined` where it decides nothing; `unclear` where that cannot be told. */
  readonly verdict: string | undefined;
  /** Whether a part of it has no translation: it may match or not. */
  readonly unclear: boolean;
  /** As the router prints it. */
  readonly printed: string;
}

/** A rule in words that the model reads. */
export function translatedRule(table: RuleTable, rule: ForeignRule): FirewallRule {
  const { chain, matches, verdict, unclear, printed } = rule;
  const words = [...matches, ...(unclear && verdict !== 'unclear' ? ['unclear'] : []), ...(verdict ? [verdict] : [])];
  return { ...table, chain, handle: undefined, text: words.join(' '), printed, verdict, packets: undefined };
}

/** Hooks with the type and the priority of the chains at them. */
const HOOKS = {
  prerouting: { hook: 'prerouting', priority: -300, type: 'filter' },
  input: { hook: 'input', priority: 0, type: 'filter' },
  forward: { hook: 'forward', priority: 0, type: 'filter' },
  // A second chain that forwarded packets cross after the first.
  'forward-out': { hook: 'forward', priority: 1, type: 'filter' },
  output: { hook: 'output', priority: 0, type: 'filter' },
  dstnat: { hook: 'prerouting', priority: -100, type: 'nat' },
  srcnat: { hook: 'postrouting', priority: 100, type: 'nat' },
} as const;

/** A chain that packets cross. What no rule decides is accepted. */
export function baseChain(table: RuleTable, chain: string, hook: keyof typeof HOOKS): FirewallChain {
  return { ...table, chain, ...HOOKS[hook], policy: 'accept', policyPackets: undefined };
}

/** A chain that is reached only by jumps. */
export function jumpChain(table: RuleTable, chain: string): FirewallChain {
  const none = { hook: undefined, priority: undefined, type: undefined, policy: undefined, policyPackets: undefined };
  return { ...table, chain, ...none };
}

/** Words of nftables for one of several: `{ "a", "b" }`. */
export function oneOf(words: readonly string[], quoted = false): string {
  const all = words.map((word) => (quoted ? `"${word}"` : word));
  return all.length === 1 ? (all[0] ?? '') : `{ ${all.join(', ')} }`;
}

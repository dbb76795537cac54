import type { Firewall, FirewallChain, FirewallRule } from '../evidence/facts.js';
import { rulesAtHooks } from './packet-filter.js';
import { matchesRule } from './rule-match.js';

/** A packet about to leave a node. */
export interface Leaving {
  readonly source: string;
  readonly device: string;
  /** Absent when any will do. */
  readonly destination?: string | undefined;
}

/** What a node's rules do to the source address of what leaves it; `unknown` where a rule asks for more than we can read. */
export interface Translation {
  readonly answer: 'yes' | 'no' | 'unknown';
  /** The rules that translate it, or may. */
  readonly rules: readonly FirewallRule[];
}

/** Reads the node's source NAT rules, in nftables' and in iptables' words. */
export function sourceNat(firewall: Firewall, { source, device, destination }: Leaving): Translation {
  const spared = new Set<string>();
  const certain: FirewallRule[] = [];
  const possible: FirewallRule[] = [];
  for (const rule of rulesAtHooks(firewall, ['postrouting'])) {
    const chain = [rule.backend, rule.family, rule.table, rule.chain].join(' ');
    const answer = matchesRule(rule, { source, destination, outDevice: device }, firewall);
    if (/^(accept|return)/.test(rule.verdict ?? '') && answer === 'yes') spared.add(chain);
    if (!/^(masquerade|snat)/.test(rule.verdict ?? '') || spared.has(chain)) continue;
    if (answer === 'yes') certain.push(rule);
    if (answer === 'maybe') possible.push(rule);
  }
  if (certain.length > 0) return { answer: 'yes', rules: certain };
  return possible.length > 0 ? { answer: 'unknown', rules: possible } : { answer: 'no', rules: [] };
}

/** The chain of nftables that translates IPv4 sources; `undefined` where a node has none. */
export function sourceNatChain({ chains }: Firewall): FirewallChain | undefined {
  return chains.find(
    ({ hook, type, family, backend }) =>
      hook === 'postrouting' && type === 'nat' && family !== 'ip6' && backend === 'nftables',
  );
}

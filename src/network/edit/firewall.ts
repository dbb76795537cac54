import type { Facts, FirewallChain, FirewallRule } from '../../evidence/facts.js';
import { isPlace, type ChainPlace } from '../packet-filter.js';
import { factOf, onNode } from './on-node.js';

/** A rule to put into a chain, as its administrator would write it, without counters. */
interface NewFilterRule {
  readonly text: string;
  readonly verdict: string;
}

/** Whether a node's packet filter has a chain; `undefined` where the filter was not read. */
export function hasChain(facts: Partial<Facts>, node: string, place: ChainPlace): boolean | undefined {
  return factOf(facts, 'firewall', node)?.chains.some((chain) => isPlace(chain, place));
}

/** Puts a rule at the head or the end of a chain. */
export function withFilterRule(
  facts: Partial<Facts>,
  { node, at, where }: { readonly node: string; readonly at: ChainPlace; readonly where: 'head' | 'end' },
  { text, verdict }: NewFilterRule,
): Partial<Facts> {
  const { backend, family, table, chain } = at;
  const rule: FirewallRule = { backend, family, table, chain, handle: undefined, text, verdict, packets: undefined };
  return onNode(facts, ['firewall', node], (firewall) => {
    const { rules } = firewall;
    return { ...firewall, rules: where === 'head' ? [rule, ...rules] : [...rules, rule] };
  });
}

/** Adds a base chain, unless it is there. */
export function withChain(facts: Partial<Facts>, node: string, chain: FirewallChain): Partial<Facts> {
  return onNode(facts, ['firewall', node], (firewall) =>
    firewall.chains.some((one) => isPlace(one, chain))
      ? firewall
      : { ...firewall, chains: [...firewall.chains, chain] },
  );
}

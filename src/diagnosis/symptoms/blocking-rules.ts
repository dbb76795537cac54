import type { Firewall, FirewallChain, FirewallRule, Trace } from '../../evidence/facts.js';
import {
  decidingPolicy,
  decidingRule,
  rulesAtHooks,
  sameDecider,
  toolOf,
  toolOfPolicy,
  type Decider,
  type Tool,
} from '../../network/packet-filter.js';
import type { Reason } from '../../path/reason.js';
import type { Observation } from '../observation.js';
import type { BlockingRule } from '../observations/firewall.js';

/** What is known of the packets that were dropped. */
export interface Dropped {
  /** The hooks they traversed. */
  readonly hooks: readonly string[];
  /** Words a rule about them would contain: the parent's name, the containers' subnets. */
  readonly words: readonly string[];
  /** Packets that one lost flow sent, at least. */
  readonly attempts: number;
  /** What the kernel's own traces of the node show dropping; absent where nothing was traced. */
  readonly traces?: readonly Trace[] | undefined;
}

/**
 * The rules and policies at some hooks that drop. Those whose counters moved are certain; without counters the
 * one that names these packets is likely, else the first.
 */
export function blockingRules(
  firewall: Firewall,
  { hooks, words, attempts, traces = [] }: Dropped,
): readonly BlockingRule[] {
  const all = dropping(firewall, hooks);
  const traced = all.filter(({ by }) => traces.some(({ dropped }) => dropped && isThat(by, dropped)));
  if (traced.length > 0) return traced.map((one) => ({ ...one, proof: 'traced' }));
  const counted = all.filter(isCertain).sort((a, b) => (b.packets ?? 0) - (a.packets ?? 0));
  const moved = counted.filter(({ packets }) => (packets ?? 0) >= attempts);
  if (moved.length > 0) return moved;
  const uncounted = all.filter(({ packets }) => packets === undefined);
  const about = uncounted.filter(({ by }) => words.some((word) => wordsOf(by).some((text) => text.includes(word))));
  return [...about, ...counted, ...uncounted].slice(0, 1);
}

/** The rules and policies at some hooks that would drop what is lost before it gets there, by the reasons the model gives. */
export function predictedBlockingRules(
  firewall: Firewall,
  { hooks, reasons }: { readonly hooks: readonly string[]; readonly reasons: readonly (Decider | Reason)[] },
): readonly BlockingRule[] {
  const deciders = reasons.filter((reason) => reason.kind === 'rule' || reason.kind === 'policy');
  return dropping(firewall, hooks)
    .filter(({ by }) => deciders.some((one) => sameDecider(one, by)))
    .map((one) => ({ ...one, packets: undefined, proof: 'predicted' }));
}

/** Whether its counter moved, or, without a counter, the kernel's trace shows it. */
export function isCertain({ packets, proof }: BlockingRule): boolean {
  return packets === undefined ? proof === 'traced' : packets > 0;
}

/** The same as what a found cause rests on. */
export function rulesSeen(node: string, rules: readonly BlockingRule[]): readonly Observation[] {
  return rules.map((rule) => ({ kind: 'blocking-rule', node, ...rule }));
}

/** Every rule and policy at some hooks that drops anything. */
function dropping(firewall: Firewall, hooks: readonly string[]): readonly BlockingRule[] {
  const rules = rulesAtHooks(firewall, hooks).filter(dropsSomething).map(ofRule);
  const policies = firewall.chains
    .filter(({ hook = '', policy }) => hooks.includes(hook) && policy === 'drop')
    .map((chain) => ofPolicy(chain, toolOfPolicy(firewall, chain)));
  return [...rules, ...policies];
}

function wordsOf(by: Decider): readonly string[] {
  return [...(by.kind === 'rule' ? [by.rule] : []), by.place.table, by.place.chain];
}

/** Whether a trace names this rule or, without one, the chain's policy. */
function isThat(by: Decider, dropped: NonNullable<Trace['dropped']>): boolean {
  const { family, table, chain, backend } = by.place;
  const same = family === dropped.family && table === dropped.table && chain === dropped.chain;
  const rule = by.kind === 'rule' ? by.rule : undefined;
  return same && backend !== 'iptables-legacy' && plain(rule) === plain(dropped.rule);
}

/** Counters, quotes and blanks are printed differently from place to place. */
function plain(rule: string | undefined): string | undefined {
  return rule?.replaceAll(/\bcounter(?: packets \d+ bytes \d+)?|["\s]/g, '');
}

/** A verdict map may drop as well as a verdict. */
function dropsSomething({ verdict, text }: FirewallRule): boolean {
  return /^(drop|reject|queue|nfqueue)/.test(verdict ?? '') || (/\bvmap\b/.test(text) && /\bdrop\b|@/.test(text));
}

function ofRule(rule: FirewallRule): BlockingRule {
  return { by: decidingRule(rule), tool: toolOf(rule), packets: rule.packets, proof: 'counter' };
}

function ofPolicy(chain: FirewallChain, tool: Tool | undefined): BlockingRule {
  return { by: decidingPolicy(chain), tool, packets: chain.policyPackets, proof: 'counter' };
}

import type { Firewall, FirewallChain, FirewallRule, Trace } from '../../evidence/facts.js';
import {
  decidingPolicy,
  decidingRule,
  rulesAtHooks,
  sameDecider,
  toolOf,
  toolOfPolicy,
  type Decider,
  type Place,
  type Tool,
} from '../../network/packet-filter.js';
import type { Reason } from '../../path/reason.js';
import { placeText, ruleText } from '../filter-names.js';

/** What drops packets at some hooks: a rule, or the policy of a chain. */
export interface Culprit {
  readonly by: Decider;
  readonly place: Place;
  /** The program whose rule or policy it is; absent for one written by hand. */
  readonly tool: Tool | undefined;
  /** Packets it took while the probes ran; `undefined` when nothing counts them. */
  readonly packets: number | undefined;
  /** What and where it is. */
  readonly name: string;
  /** One sentence that names it, with what proves it. */
  readonly text: string;
  /** The rule itself, as the administrator would write it; absent for a policy. */
  readonly rule: string | undefined;
}

/** What is known of the packets that were dropped. */
export interface Dropped {
  /** The hooks they crossed. */
  readonly hooks: readonly string[];
  /** Words a rule about them would contain: the parent's name, the containers' subnets. */
  readonly words: readonly string[];
  /** Packets that one refused flow sent, at least. */
  readonly attempts: number;
  /** What the kernel's own traces of the node show dropping; absent where nothing was traced. */
  readonly traces?: readonly Trace[] | undefined;
}

/**
 * The rules and policies at some hooks that drop. Those whose counters moved are proven; without counters the
 * one that speaks of these packets is the likely one, else the first.
 */
export function culprits(firewall: Firewall, { hooks, words, attempts, traces = [] }: Dropped): readonly Culprit[] {
  const all = droppers(firewall, hooks);
  const traced = all.filter(({ place, rule }) => traces.some(({ dropped }) => dropped && isThat(place, rule, dropped)));
  if (traced.length > 0)
    return traced.map((one) => ({
      ...one,
      packets: one.packets ?? 1,
      text: `${one.name} ${proof(one.packets, true)}`,
    }));
  const counted = all.filter(({ packets }) => (packets ?? 0) > 0).sort((a, b) => (b.packets ?? 0) - (a.packets ?? 0));
  const proven = counted.filter(({ packets }) => (packets ?? 0) >= attempts);
  if (proven.length > 0) return proven;
  const uncounted = all.filter(({ packets }) => packets === undefined);
  const about = uncounted.filter(({ rule = '', place: { table, chain } }) =>
    words.some((word) => [rule, table, chain].some((text) => text.includes(word))),
  );
  return [...about, ...counted, ...uncounted].slice(0, 1);
}

/** Every rule and policy at some hooks that drops anything. */
function droppers(firewall: Firewall, hooks: readonly string[]): readonly Culprit[] {
  const rules = rulesAtHooks(firewall, hooks).filter(dropsSomething).map(culpritRule);
  const policies = firewall.chains
    .filter(({ hook = '', policy }) => hooks.includes(hook) && policy === 'drop')
    .map((chain) => culpritPolicy(chain, toolOfPolicy(firewall, chain)));
  return [...rules, ...policies];
}

/** The rules and policies at some hooks that would drop what never came as far, by the reasons the model gives. */
export function wouldDrop(
  firewall: Firewall,
  { hooks, reasons }: { readonly hooks: readonly string[]; readonly reasons: readonly (Decider | Reason)[] },
): readonly Culprit[] {
  const deciders = reasons.filter((reason) => reason.kind === 'rule' || reason.kind === 'policy');
  return droppers(firewall, hooks)
    .filter(({ by }) => deciders.some((one) => sameDecider(one, by)))
    .map((one) => ({ ...one, packets: undefined, text: `${one.name} would drop what never came as far` }));
}

/** Whether a rule or, without one, a chain's policy is the one a trace names. */
function isThat(place: Place, rule: string | undefined, dropped: NonNullable<Trace['dropped']>): boolean {
  const { family, table, chain } = place;
  const same = family === dropped.family && table === dropped.table && chain === dropped.chain;
  return same && place.backend !== 'iptables-legacy' && plain(rule) === plain(dropped.rule);
}

/** Counters, quotes and blanks are printed differently from place to place. */
function plain(rule: string | undefined): string | undefined {
  return rule?.replaceAll(/\bcounter(?: packets \d+ bytes \d+)?|["\s]/g, '');
}

/** A verdict map may drop as well as a verdict. */
function dropsSomething({ verdict, text }: FirewallRule): boolean {
  return /^(drop|reject|queue|nfqueue)/.test(verdict ?? '') || (/\bvmap\b/.test(text) && /\bdrop\b|@/.test(text));
}

function culpritRule(rule: FirewallRule): Culprit {
  const { packets, text } = rule;
  const name = ruleText(rule);
  return {
    by: decidingRule(rule),
    place: rule,
    tool: toolOf(rule),
    rule: text,
    packets,
    name,
    text: `${name} ${proof(packets)}`,
  };
}

function culpritPolicy(chain: FirewallChain, tool: Tool | undefined): Culprit {
  const { policyPackets: packets } = chain;
  const name = `${tool === undefined ? 'the' : `${tool}'s`} policy drop of ${placeText(chain)}`;
  return {
    by: decidingPolicy(chain),
    place: chain,
    tool,
    rule: undefined,
    packets,
    name,
    text: `${name} ${proof(packets)}`,
  };
}

function proof(packets: number | undefined, traced = false): string {
  if (packets === undefined) return traced ? 'took them, traced' : 'fits, and has no counter to prove it';
  return `took ${packets} packets while the probes ran${traced ? ', traced' : ''}`;
}

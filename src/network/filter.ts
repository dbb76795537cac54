import type { Firewall, FirewallChain, FirewallRule } from '../evidence/facts.js';
import { decidingPolicy, decidingRule, isPlace, type Decider, type ChainPlace } from './packet-filter.js';
import { matchesRule, mayCarry, type Passing } from './rule-match.js';

/** What a node's packet filter does to a packet, and the rule or policy that decides; `unknown`: it could not be read. */
export type Filtered =
  | { readonly kind: 'passes' }
  | { readonly kind: 'unknown'; readonly by: Decider }
  | { readonly kind: 'blocks'; readonly by: Decider };

/** What a chain does, with what might have decided otherwise before. */
type Decision = Doubts &
  ({ readonly verdict: 'accept' | 'drop'; readonly by: Decider } | { readonly verdict: 'go on' });

interface Doubts {
  /** A rule that may have dropped it before. */
  readonly mayDrop: Decider | undefined;
  /** A rule that may have accepted it before. */
  readonly mayAccept: Decider | undefined;
}

const PASSES: Filtered = { kind: 'passes' };
const DEPTH = 16;

/** Reads a packet's path through the base chains of some hooks, by order of priority; NAT chains decide nothing here. */
export function filtered(firewall: Firewall, hooks: readonly string[], packet: Passing): Filtered {
  const outcomes = outcomesOf(firewall, hooks, packet);
  return outcomes.find(({ kind }) => kind === 'blocks') ?? outcomes.find(({ kind }) => kind === 'unknown') ?? PASSES;
}

/** Every chain that blocks a packet, each of which has to accept it before it passes. */
export function placesBlocking(firewall: Firewall, hooks: readonly string[], packet: Passing): readonly ChainPlace[] {
  return outcomesOf(firewall, hooks, packet).flatMap((outcome) =>
    outcome.kind === 'blocks' ? [outcome.by.place] : [],
  );
}

function outcomesOf(firewall: Firewall, hooks: readonly string[], packet: Passing): readonly Filtered[] {
  const bases = firewall.chains
    .filter(({ hook, type, family }) => hooks.includes(hook ?? '') && type !== 'nat' && mayCarry(family, packet))
    .sort((a, b) => (a.priority ?? 0) - (b.priority ?? 0));
  return bases.map((base) => outcomeOf(base, walkChain(firewall, base, { packet, depth: 0 })));
}

function outcomeOf(base: FirewallChain, decision: Decision): Filtered {
  const { mayDrop, mayAccept } = decision;
  const policy = base.policy === 'drop' ? 'drop' : 'accept';
  const final = decision.verdict === 'go on' ? policy : decision.verdict;
  if (final === 'accept') return mayDrop === undefined ? PASSES : { kind: 'unknown', by: mayDrop };
  if (mayAccept !== undefined) return { kind: 'unknown', by: mayAccept };
  return { kind: 'blocks', by: decision.verdict === 'go on' ? decidingPolicy(base) : decision.by };
}

interface Walk {
  readonly packet: Passing;
  readonly depth: number;
}

function walkChain(firewall: Firewall, at: ChainPlace, { packet, depth }: Walk): Decision {
  let doubts: Doubts = { mayDrop: undefined, mayAccept: undefined };
  for (const rule of firewall.rules.filter((one) => isPlace(one, at))) {
    const answer = mappedByState(rule, packet) === undefined ? matchesRule(rule, packet, firewall) : 'yes';
    if (answer === 'yes' && rule.verdict === 'return') break;
    const effect = answer === 'no' ? undefined : effectOf(firewall, rule, { packet, depth });
    if (effect === undefined) continue;
    doubts = withDoubts(doubts, effect, answer === 'maybe');
    if (answer === 'maybe') continue;
    if (effect.verdict !== 'go on') return { ...effect, ...doubts };
    if (/^goto/.test(rule.verdict ?? '')) break;
  }
  return { verdict: 'go on', ...doubts };
}

/** What was in doubt before, else what a rule leaves in doubt: `maybe` when it may not even match. */
function withDoubts({ mayDrop, mayAccept }: Doubts, effect: Decision, maybe: boolean): Doubts {
  const possible = (verdict: Decision['verdict']) =>
    maybe && effect.verdict !== 'go on' && effect.verdict === verdict ? effect.by : undefined;
  return {
    mayDrop: mayDrop ?? effect.mayDrop ?? possible('drop'),
    mayAccept: mayAccept ?? effect.mayAccept ?? possible('accept'),
  };
}

/** @returns `undefined` for a rule that decides nothing */
function effectOf(firewall: Firewall, rule: FirewallRule, { packet, depth }: Walk): Decision | undefined {
  const by = decidingRule(rule);
  const [word = '', target] = (mappedByState(rule, packet) ?? rule.verdict ?? '').split(' ');
  if (word === 'accept') return { verdict: 'accept', by, mayDrop: undefined, mayAccept: undefined };
  if (word === 'drop' || word === 'reject') return { verdict: 'drop', by, mayDrop: undefined, mayAccept: undefined };
  if ((word === 'jump' || word === 'goto') && target !== undefined && depth < DEPTH)
    return walkChain(firewall, { ...rule, chain: target }, { packet, depth: depth + 1 });
  if (/^(vmap|queue|nfqueue)/.test(word)) return { verdict: 'go on', mayDrop: by, mayAccept: undefined };
  if (word === 'unclear') return { verdict: 'go on', mayDrop: by, mayAccept: by };
  return undefined;
}

/** `ct state vmap { established : accept, invalid : drop }` decides where the state is known; what it does not name goes on. */
function mappedByState({ text }: FirewallRule, { state }: Passing): string | undefined {
  const map = state && /^ct state vmap \{([^}]*)\}$/.exec(text)?.[1];
  if (!map) return undefined;
  const entries = map.split(',').map((entry) => entry.split(':').map((word) => word.trim()));
  return entries.find(([word]) => word === state)?.[1] ?? 'continue';
}

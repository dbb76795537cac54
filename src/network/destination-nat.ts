import type { Firewall, FirewallRule } from '../evidence/facts.js';
import { isAddress, sameAddress } from '../ip.js';
import { decidingRule, type ChainPlace, type Decider, isPlace } from './packet-filter.js';
import { matchesRule, mayCarry, type Passing } from './rule-match.js';

/** A rule that sends a packet to another machine than the one it is addressed to. */
interface Redirect {
  readonly by: Decider;
  /** The address it goes to instead; absent where the rule names none: then it is the node itself, or not known. */
  readonly to: string | undefined;
}

type Walked = 'go on' | 'spared' | 'unclear' | FirewallRule;

interface Walk {
  readonly packet: Passing;
  readonly depth: number;
}

const DEPTH = 16;

/**
 * The node's rule that certainly changes the destination of a packet that comes in; `undefined` where none does, or where a rule
 * asks for more than we can read.
 */
export function destinationNat(firewall: Firewall, packet: Passing): Redirect | undefined {
  const bases = firewall.chains
    .filter(({ hook, type, family }) => hook === 'prerouting' && type === 'nat' && mayCarry(family, packet))
    .sort((a, b) => (a.priority ?? 0) - (b.priority ?? 0));
  for (const base of bases) {
    const walked = walk(firewall, base, { packet, depth: 0 });
    if (walked === 'unclear') return undefined;
    if (typeof walked === 'object') return redirectOf(walked, packet);
  }
  return undefined;
}

function walk(firewall: Firewall, at: ChainPlace, { packet, depth }: Walk): Walked {
  for (const rule of firewall.rules.filter((one) => isPlace(one, at))) {
    const answer = rule.verdict === undefined ? 'no' : matchesRule(rule, packet, firewall);
    if (answer === 'no') continue;
    const done = effectOf(firewall, rule, { packet, depth });
    if (done === 'go on' && !/^(?:return|goto)/.test(rule.verdict ?? '')) continue;
    return answer === 'yes' ? done : 'unclear';
  }
  return 'go on';
}

function effectOf(firewall: Firewall, rule: FirewallRule, { packet, depth }: Walk): Walked {
  const [word = '', chain = ''] = (rule.verdict ?? '').split(' ');
  const jumps = word === 'jump' || word === 'goto';
  return jumps && depth < DEPTH ? walk(firewall, { ...rule, chain }, { packet, depth: depth + 1 }) : ended(rule, word);
}

function ended(rule: FirewallRule, word: string): Walked {
  if (word === 'dnat' || word === 'redirect') return rule;
  if (word === 'accept' || word === 'drop' || word === 'reject') return 'spared';
  return word === 'return' ? 'go on' : 'unclear';
}

/** A rule that changes the port alone leaves the packet to its target. */
function redirectOf(rule: FirewallRule, { destination }: Passing): Redirect | undefined {
  const by = decidingRule(rule);
  const to = targetOf(rule);
  return to !== undefined && destination !== undefined && sameAddress(to, destination) ? undefined : { by, to };
}

/** `dnat to 192.168.0.5:53`, `-j DNAT --to-destination [fd00::5]:53`, `to-addresses=192.168.0.5`. */
function targetOf({ text, printed = text }: FirewallRule): string | undefined {
  const word = /(?:\bdnat(?: ip6?)? to |--to-destination |\bto-addresses=)(\S+)/.exec(printed)?.[1] ?? '';
  const address = /^\[([^\]]+)\]/.exec(word)?.[1] ?? (isAddress(word) ? word : word.replace(/:[\d-]+$/, ''));
  return isAddress(address) ? address : undefined;
}

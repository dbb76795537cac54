import type { Firewall, FirewallChain, FirewallRule } from '../evidence/facts.js';

/** Where a chain or rule stands. */
export type ChainPlace = Pick<FirewallChain, 'backend' | 'family' | 'table' | 'chain'>;

/** What in a packet filter decides about a packet: a rule, in its own words, or the policy of a base chain. */
export type Decider =
  | {
      readonly kind: 'rule';
      readonly place: ChainPlace;
      readonly rule: string;
      /** nftables handle; `undefined` for iptables-legacy, and where a trace shows the rule. */
      readonly handle: number | undefined;
    }
  | { readonly kind: 'policy'; readonly place: ChainPlace };

export function decidingRule({ text, printed, handle, ...rest }: FirewallRule): Decider {
  return { kind: 'rule', place: placeOf(rest), rule: printed ?? text, handle };
}

export function decidingPolicy(chain: ChainPlace): Decider {
  return { kind: 'policy', place: placeOf(chain) };
}

/** A place and nothing else, of a chain or a rule. */
function placeOf({ backend, family, table, chain }: ChainPlace): ChainPlace {
  return { backend, family, table, chain };
}

/** Whether two are the same rule or policy. A trace shows a rule without the handle it is listed with. */
export function sameDecider(one: Decider, other: Decider): boolean {
  if (!isPlace(one.place, other.place)) return false;
  if (one.kind === 'policy' || other.kind === 'policy') return one.kind === other.kind;
  const sameHandle = one.handle === undefined || other.handle === undefined || one.handle === other.handle;
  return one.rule === other.rule && sameHandle;
}

/** Rules in a base chain of one of these hooks, or in a chain such a one jumps to. */
export function rulesAtHooks({ chains, rules }: Firewall, hooks: readonly string[]): readonly FirewallRule[] {
  const reached = new Set(chains.filter(({ hook }) => hook && hooks.includes(hook)).map(placeKey));
  for (let grew = true; grew;) {
    grew = false;
    for (const rule of rules) {
      const target = /^(?:jump|goto) (\S+)$/.exec(rule.verdict ?? '')?.[1];
      if (target === undefined || !reached.has(placeKey(rule))) continue;
      const key = placeKey({ ...rule, chain: target });
      if (reached.has(key)) continue;
      reached.add(key);
      grew = true;
    }
  }
  return rules.filter((rule) => reached.has(placeKey(rule)));
}

function placeKey({ backend, family, table, chain }: ChainPlace): string {
  return [backend, family, table, chain].join(' ');
}

export function isPlace(one: ChainPlace, other: ChainPlace): boolean {
  return (
    one.chain === other.chain &&
    one.table === other.table &&
    one.family === other.family &&
    one.backend === other.backend
  );
}

/** Programs that write rules for their users, and rewrite them as they like. */
export type Tool = 'ufw' | 'firewalld';

/** The tool a chain belongs to, recognized by the names it gives; `undefined` for one written by hand, or by others. */
export function toolOf({ table, chain }: Pick<ChainPlace, 'table' | 'chain'>): Tool | undefined {
  if (/^ufw6?-/.test(chain)) return 'ufw';
  return table === 'firewalld' ? 'firewalld' : undefined;
}

/** The tool that has put its own chains into a built-in one, and sets its policy. */
export function toolOfPolicy({ rules }: Firewall, place: ChainPlace): Tool | undefined {
  const jumps = rules.filter(
    (rule) => placeKey(rule) === placeKey(place) && /^(jump|goto) ufw6?-/.test(rule.verdict ?? ''),
  );
  return toolOf(place) ?? (jumps.length > 0 ? 'ufw' : undefined);
}

/** Places without repetition, in the order they come. */
export function distinctPlaces(places: readonly ChainPlace[]): readonly ChainPlace[] {
  return [...new Map(places.map((place) => [placeKey(place), place])).values()];
}

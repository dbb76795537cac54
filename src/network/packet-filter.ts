import type { Firewall, FirewallChain, FirewallRule } from '../evidence/facts.js';

/** Where a chain or rule stands. */
export type Place = Pick<FirewallChain, 'backend' | 'family' | 'table' | 'chain'>;

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

function placeKey({ backend, family, table, chain }: Place): string {
  return [backend, family, table, chain].join(' ');
}

export function isPlace(one: Place, other: Place): boolean {
  return placeKey(one) === placeKey(other);
}

/** `nftables, table ip filter, chain output` */
export function placeText({ backend, family, table, chain }: Place): string {
  return `${backend}, table ${family} ${table}, chain ${chain}`;
}

/** Programs that write rules for their users, and rewrite them as they like. */
export type Tool = 'ufw' | 'firewalld';

/** The tool a chain belongs to, told by the names it gives; `undefined` for one written by hand, or by others. */
export function toolOf({ table, chain }: Pick<Place, 'table' | 'chain'>): Tool | undefined {
  if (/^ufw6?-/.test(chain)) return 'ufw';
  return table === 'firewalld' ? 'firewalld' : undefined;
}

/** The tool that has put its own chains into a built-in one, and sets its policy. */
export function toolOfPolicy({ rules }: Firewall, place: Place): Tool | undefined {
  const jumps = rules.filter(
    (rule) => placeKey(rule) === placeKey(place) && /^(jump|goto) ufw6?-/.test(rule.verdict ?? ''),
  );
  return toolOf(place) ?? (jumps.length > 0 ? 'ufw' : undefined);
}

/** A rule as an administrator would find it again. */
export function ruleText({ text, handle, ...place }: FirewallRule): string {
  const tool = toolOf(place);
  return `${tool === undefined ? '' : `${tool}'s rule `}"${text}"${handle === undefined ? '' : ` (handle ${handle})`} in ${placeText(place)}`;
}

/** Places without repetition, in the order they come. */
export function distinctPlaces(places: readonly Place[]): readonly Place[] {
  return [...new Map(places.map((place) => [placeKey(place), place])).values()];
}

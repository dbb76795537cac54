import type { Facts, Firewall, FirewallRule, LinkFilter } from '../evidence/facts.js';
import { contains, sameAddress } from '../ip.js';
import { filtered } from './filter.js';
import { rulesAtHooks, type Decider } from './packet-filter.js';
import type { Passing } from './rule-match.js';

/** One side of a link of a node. */
export interface LinkSide {
  readonly node: string;
  readonly device: string;
  readonly way: LinkFilter['way'];
}

/** A filter on a link as an administrator would find it again: `text` is without what tc prints of its own tables and counters. */
export type NamedFilter = Pick<LinkFilter, 'device' | 'way' | 'text'> & { readonly program: LinkFilter['kind'] };

/** What on a link itself decides about a packet. */
export type LinkDecider = Decider | { readonly kind: 'link-filter'; readonly filter: NamedFilter };

/** What a link's own filters do to a packet, and the one that drops it, or that may. */
export type LinkFiltered =
  { readonly kind: 'passes' } | { readonly kind: 'blocks' | 'unknown'; readonly by: LinkDecider };

/** What is attached to a link itself and drops packets of every mode: nftables' netdev family, tc filters, XDP programs. */
export function linkFiltered(
  { firewall, linkFilters }: Pick<Partial<Facts>, 'firewall' | 'linkFilters'>,
  side: LinkSide,
  packet: Passing,
): LinkFiltered {
  const netdev = netdevOn(firewall?.[side.node], side);
  const byRule: LinkFiltered = netdev ? filtered(netdev, [side.way], packet) : PASSES;
  if (byRule.kind === 'blocks') return byRule;
  const filters = filtersOn(linkFilters?.[side.node] ?? [], side);
  const answers = filters.map((filter) => ({ filter, answer: takes(filter, packet) }));
  const taken = answers.find(({ answer }) => answer === 'yes');
  if (taken) return { kind: 'blocks', by: decidingFilter(taken.filter) };
  const unclear = answers.find(({ answer }) => answer === 'maybe');
  return byRule.kind === 'passes' && unclear ? { kind: 'unknown', by: decidingFilter(unclear.filter) } : byRule;
}

const PASSES: LinkFiltered = { kind: 'passes' };

/** The chains attached to a link, with everything they may jump to; `undefined` when there are none. */
function netdevOn(firewall: Firewall | undefined, { device, way }: LinkSide): Firewall | undefined {
  const chains = firewall?.chains.filter(
    ({ hook, devices }) => hook === undefined || (hook === way && devices?.includes(device)),
  );
  return firewall && chains?.some(({ hook }) => hook === way) ? { ...firewall, chains } : undefined;
}

/** Rules of the netdev family that see what passes a link. */
export function netdevRules(firewall: Firewall | undefined, side: LinkSide): readonly FirewallRule[] {
  const netdev = netdevOn(firewall, side);
  return netdev ? rulesAtHooks(netdev, [side.way]) : [];
}

/** In tc's order: the first that takes a packet decides. */
export function filtersOn(filters: readonly LinkFilter[], { device, way }: LinkSide): readonly LinkFilter[] {
  return filters
    .filter((filter) => filter.device === device && filter.way === way)
    .sort((a, b) => (a.priority ?? 0) - (b.priority ?? 0));
}

/** Whether a filter takes a packet away. Programs, and selectors we cannot read, may. */
function takes({ action, source, destination, text }: LinkFilter, packet: Passing): 'yes' | 'no' | 'maybe' {
  if (action !== undefined && action !== 'drop' && action !== 'shot') return 'no';
  const misses = (selector: string | undefined, address: string | undefined) =>
    selector !== undefined && address !== undefined && !covers(selector, address);
  if (misses(source, packet.source) || misses(destination, packet.destination)) return 'no';
  if (action === undefined) return 'maybe';
  const selectors = text.match(/\bmatch [0-9a-f]{8}\/[0-9a-f]{8} at|\b(?:src_ip|dst_ip|ip_proto|src_port|dst_port)\b/g);
  const read = [source, destination].filter((selector) => selector !== undefined).length;
  return read === (selectors ?? []).length ? 'yes' : 'maybe';
}

function covers(selector: string, address: string): boolean {
  return selector.includes('/') ? contains(selector, address) : sameAddress(selector, address);
}

function decidingFilter(filter: LinkFilter): LinkDecider {
  return { kind: 'link-filter', filter: namedFilter(filter) };
}

export function namedFilter({ device, way, kind, text }: LinkFilter): NamedFilter {
  return { program: kind, device, way, text: text.replaceAll(INTERNALS, '').trim() };
}

export function sameFilter(one: NamedFilter, other: NamedFilter): boolean {
  return (
    one.program === other.program && one.device === other.device && one.way === other.way && one.text === other.text
  );
}

/** What tc prints of its own tables and counters. */
const INTERNALS =
  / (?:fh \S+ order \d+|key ht \S+ bkt \S+|terminal flowid(?: \?\?\?)?|not_in_hw|chain 0|\((?:rule hit|success)[^)]*\))/g;

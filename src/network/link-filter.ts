import type { Facts, Firewall, FirewallRule, LinkFilter } from '../evidence/facts.js';
import { contains, sameAddress } from '../ip.js';
import { filtered } from './filter.js';
import { rulesAtHooks, type Decider } from './packet-filter.js';
import type { Answer, Passing } from './rule-match.js';
import { u32Takes } from './u32.js';

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
  const byFilter = byFilters(filtersOn(linkFilters?.[side.node] ?? [], side), packet);
  return byFilter.kind === 'blocks' || byRule.kind === 'passes' ? byFilter : byRule;
}

/** In tc's order: one that takes a packet and lets it pass spares it those after it. */
function byFilters(filters: readonly LinkFilter[], packet: Passing): LinkFiltered {
  let [mayDrop, mayPass]: [LinkFilter | undefined, boolean] = [undefined, false];
  for (const filter of filters) {
    const answer = takes(filter, packet);
    if (answer === 'no') continue;
    if (isPass(filter)) {
      if (answer === 'yes') break;
      mayPass = true;
    } else if (answer === 'yes') return { kind: mayPass ? 'unknown' : 'blocks', by: decidingFilter(filter) };
    else mayDrop ??= filter;
  }
  return mayDrop === undefined ? PASSES : { kind: 'unknown', by: decidingFilter(mayDrop) };
}

function isPass({ action }: LinkFilter): boolean {
  return action === 'pass' || action === 'ok';
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

/** Whether a filter takes a packet, to drop it or to let it pass. Programs, and selectors we cannot read, may. */
function takes(filter: LinkFilter, packet: Passing): Answer {
  const { action, source, destination, text } = filter;
  if (action !== undefined && action !== 'drop' && action !== 'shot' && !isPass(filter)) return 'no';
  const misses = (selector: string | undefined, address: string | undefined) =>
    selector !== undefined && address !== undefined && !covers(selector, address);
  if (misses(source, packet.source) || misses(destination, packet.destination)) return 'no';
  if (action === undefined) return 'maybe';
  const answer = u32Takes(text, packet);
  // Of flower's keys only the addresses are read.
  return answer === 'yes' && /\b(?:ip_proto|src_port|dst_port)\b/.test(text) ? 'maybe' : answer;
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

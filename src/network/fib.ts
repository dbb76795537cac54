import { bare, contains, familyOf, prefixLength, sameAddress } from '../ip.js';
import type { Route, Rule } from '../evidence/facts.js';

/** What a node routes by: its routes of all tables and its policy rules. */
export interface Fib {
  readonly routes: readonly Route[];
  readonly rules: readonly Rule[];
}

/** The packet whose route is looked up. */
export interface RouteQuery {
  readonly destination: string;
  /** Absent while the sender has not chosen one: rules that select a source then do not match. */
  readonly source?: string | undefined;
  /** Output pinned to a device, as IPvlan L3 and SO_BINDTODEVICE do. */
  readonly outDevice?: string | undefined;
  /** Where it came in; absent for the node's own packets. */
  readonly inDevice?: string | undefined;
  /** Firewall mark; absent means 0. */
  readonly mark?: number | undefined;
}

/** Where a packet goes next. */
export type NextHop =
  | { readonly kind: 'via'; readonly gateway: string; readonly device: string; readonly route: Route }
  | { readonly kind: 'on-link'; readonly device: string; readonly route: Route }
  | { readonly kind: 'local'; readonly route: Route }
  /** A route or a policy rule forbids it: `unreachable`, `blackhole`, `prohibit`. */
  | { readonly kind: 'blocked'; readonly type: string; readonly by: Route | Rule }
  | { readonly kind: 'none' };

/** Names of the tables every host has, by number. */
const TABLES: Readonly<Record<string, string>> = { '255': 'local', '254': 'main', '253': 'default' };

const FORBIDDING = new Set(['unreachable', 'blackhole', 'prohibit']);

/**
 * Longest-prefix, policy-rule-aware route lookup, as `ip route get` does it: rules in order of priority, in each table the
 * most specific route, among equals the lowest metric; a table without a match passes on to the next rule. A rule that
 * selects by what is not in the query (a port, a user) is passed over.
 */
export function lookup(fib: Fib, query: RouteQuery): NextHop {
  return decide(fib, query).hop;
}

/** What a lookup says, with the policy rule whose table or action decides; `rule` is absent where no rule does. */
export interface Decided {
  readonly hop: NextHop;
  readonly rule: Rule | undefined;
}

/** {@link lookup}, with the policy rule that decides. */
export function decide(fib: Fib, query: RouteQuery): Decided {
  const family = familyOf(query.destination);
  const rules = fib.rules.filter((rule) => rule.family === family).sort((a, b) => a.priority - b.priority);
  for (const rule of rules) {
    if (!matches(rule, query)) continue;
    if (rule.table === undefined) {
      if (rule.action && FORBIDDING.has(rule.action))
        return { hop: { kind: 'blocked', type: rule.action, by: rule }, rule };
      continue;
    }
    const route = best(fib.routes, tableName(rule.table), query);
    if (!route || route.type === 'throw') continue;
    if (rule.suppressPrefix !== undefined && prefixLength(route.destination) <= rule.suppressPrefix) continue;
    return { hop: nextHop(route), rule };
  }
  return { hop: { kind: 'none' }, rule: undefined };
}

/**
 * The lookup IPvlan L3 makes in the host's namespace for a container's packet: the output is pinned to the parent. Where
 * an IPv4 lookup fails, be it for want of a route or because one forbids it, the kernel takes the destination to be
 * on-link there and asks for it by ARP. A capture shows it; IPv6 does no such thing.
 *
 * @see `ip_route_output_key_hash_rcu` in the kernel's net/ipv4/route.c: "Apparently, routing tables are wrong. Assume,
 *   that the destination is on link."
 */
export function pinnedLookup(
  fib: Fib,
  query: RouteQuery & { readonly outDevice: string },
): NextHop | { readonly kind: 'assumed-on-link'; readonly device: string } {
  const answer = lookup(fib, query);
  const failed = answer.kind === 'none' || answer.kind === 'blocked';
  return failed && familyOf(query.destination) === 4 ? { kind: 'assumed-on-link', device: query.outDevice } : answer;
}

function matches(rule: Rule, { destination, source, outDevice, inDevice, mark = 0 }: RouteQuery): boolean {
  if (rule.others) return false;
  const selected =
    covers(rule.from, source) &&
    covers(rule.to, destination) &&
    (rule.outDevice === undefined || rule.outDevice === outDevice) &&
    // The kernel treats a node's own packets as if they came in on the loopback.
    (rule.inDevice === undefined || rule.inDevice === (inDevice ?? 'lo')) &&
    (rule.mark === undefined || marked(rule.mark, mark));
  return selected !== rule.inverted;
}

/** A selector is `0xca6c`, or `0x1/0xff` with a mask. */
function marked(selector: string, mark: number): boolean {
  const [value, mask = 0xffffffff] = selector.split('/').map(Number);
  return (mark & mask) >>> 0 === value;
}

/** A selector that names an address never matches a packet whose address is not known. */
function covers(selector: string | undefined, address: string | undefined): boolean {
  if (selector === undefined) return true;
  if (address === undefined) return false;
  return selector.includes('/') ? contains(selector, bare(address)) : sameAddress(selector, address);
}

/** The kernel passes over routes by other devices than the pinned one; a route that forbids names none that counts. */
function best(routes: readonly Route[], table: string, { destination, outDevice }: RouteQuery): Route | undefined {
  const candidates = routes.filter(
    (route) =>
      tableName(route.table) === table &&
      route.family === familyOf(destination) &&
      contains(route.destination, bare(destination)) &&
      (outDevice === undefined || route.device === outDevice || FORBIDDING.has(route.type) || route.type === 'throw') &&
      !route.flags.includes('dead'),
  );
  return candidates.sort((a, b) => prefixLength(b.destination) - prefixLength(a.destination) || a.metric - b.metric)[0];
}

function nextHop(route: Route): NextHop {
  if (route.type === 'local') return { kind: 'local', route };
  if (FORBIDDING.has(route.type) || route.device === undefined) return { kind: 'blocked', type: route.type, by: route };
  if (route.via !== undefined) return { kind: 'via', gateway: route.via, device: route.device, route };
  return { kind: 'on-link', device: route.device, route };
}

function tableName(table: string): string {
  return TABLES[table] ?? table;
}

import type { Rule } from '../evidence/facts.js';
import { contains, familyOf, prefixLength, subnetOf } from '../ip.js';
import { decide, lookup, type Fib, type NextHop, type RouteQuery } from './fib.js';
import type { NetworkState } from './network-state.js';
import { plainRule } from './plain-node.js';

type Forwarding = Extract<NextHop, { kind: 'via' | 'on-link' }>;

/** A policy rule whose table decides before main is looked up, and leads elsewhere than main. */
export interface RuleBeforeMain {
  readonly rule: Rule;
  /** Where its table leads. */
  readonly hop: Forwarding;
  /** Where main would lead. */
  readonly main: Forwarding;
}

/** A default route, and the halves that VPN clients make of it, are about no subnet of their own. */
const DEFAULT_HALVES = 1;

/**
 * The policy rule that takes what a node sends to its own LAN, or to a container of its own, into another link, because its table is
 * looked up before main. `undefined` where main decides or leads by the same link, where the other link is on the same subnet or
 * is the host's own on the parent (a shim), and where routes, rules or links were not seen. A table that takes all that main has no
 * narrower route for does what it is there for.
 */
export function ruleBeforeMain(state: NetworkState, node: string, query: RouteQuery): RuleBeforeMain | undefined {
  const fib = state.routing.fib(node);
  if (!fib) return undefined;
  const { hop, rule } = decide(fib, query);
  const main = lookup(mainAlone(fib), query);
  if (!rule || !isForwarding(hop) || !isForwarding(main) || hop.route.table === 'main') return undefined;
  if (hop.device === main.device || leadsThere(state, node, { hop, destination: query.destination })) return undefined;
  const isOwn = main.kind === 'on-link' && prefixLength(main.route.destination) > DEFAULT_HALVES;
  const isToContainer =
    state.addresses.containerAt(query.destination) !== undefined &&
    prefixLength(hop.route.destination) > DEFAULT_HALVES;
  return isOwn || isToContainer ? { rule, hop, main } : undefined;
}

/** What a node routes by, if no policy rule but the one for the main table were there. */
export function mainAlone({ routes }: Fib): Fib {
  return { routes, rules: ([4, 6] as const).map((family) => plainRule(family, { priority: 0, table: 'main' })) };
}

function isForwarding(hop: NextHop): hop is Forwarding {
  return hop.kind === 'via' || hop.kind === 'on-link';
}

/** Whether a link is one of several on the destination's subnet, or a link of IPvlan's or macvlan's own on a parent. */
function leadsThere(
  { links }: NetworkState,
  node: string,
  { hop: { device }, destination }: { readonly hop: Forwarding; readonly destination: string },
): boolean {
  const link = links.link(node, device);
  if (!link || link.kind === 'ipvlan' || link.kind === 'macvlan') return true;
  return link.addresses.some((own) => familyOf(own) === familyOf(destination) && contains(subnetOf(own), destination));
}

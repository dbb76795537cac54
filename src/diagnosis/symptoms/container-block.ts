import type { ContainerFact, NetworkFact, Route, Rule } from '../../evidence/facts.js';
import { familyOf, sameAddress } from '../../ip.js';
import { mainAlone } from '../../network/before-main.js';
import { lookup, type Fib } from '../../network/fib.js';
import { filtered, placesBlocking } from '../../network/filter.js';
import type { NetworkState } from '../../network/network-state.js';
import { isLayer3 } from '../../network/networks.js';
import type { Decider, ChainPlace } from '../../network/packet-filter.js';
import type { Flow } from '../flow.js';
import { packetOf, type Part } from '../remedies/traffic.js';

/** What in a container itself blocks a flow. */
export type ContainerBlock = FilterBlock | RuleBlock | RouteBlock | UnusedMainTable;

interface At {
  readonly container: string;
  readonly flow: Flow;
}

export interface FilterBlock extends At {
  readonly kind: 'filter';
  readonly hook: 'output' | 'input';
  readonly by: Decider;
  /** Every chain that drops packets of the flow, with which. */
  readonly blocked: readonly { readonly at: ChainPlace; readonly part: Part }[];
}

interface RuleBlock extends At {
  readonly kind: 'rule';
  readonly by: Rule;
}

interface RouteBlock extends At {
  readonly kind: 'route';
  readonly by: Route;
}

/** The main table has a route, and no policy rule looks there. */
interface UnusedMainTable extends At {
  readonly kind: 'main-table-unused';
}

interface End {
  readonly container: ContainerFact;
  readonly own: string;
  readonly far: string;
}

/** The first thing in the containers of a flow that keeps it from arriving, forward or return. */
export function containerBlock(network: NetworkState, flow: Flow): ContainerBlock | undefined {
  for (const end of endsOf(network, flow)) {
    const found = byRoute(network, flow, end) ?? byFilter(network, flow, end);
    if (found) return found;
  }
  return undefined;
}

function endsOf({ names }: NetworkState, { from, to, outbound, containerAddress }: Flow): readonly End[] {
  const sender = outbound ? names.container(from.node?.name) : undefined;
  const target = names.container(to.node?.name);
  const source = outbound ? (containerAddress ?? '') : from.address;
  return [
    ...(sender ? [{ container: sender, own: source, far: to.address }] : []),
    ...(target ? [{ container: target, own: to.address, far: source }] : []),
  ].filter(({ own, far }) => own !== '' && far !== '');
}

function byRoute({ routing }: NetworkState, flow: Flow, { container, own, far }: End): ContainerBlock | undefined {
  const fib = routing.fib(container.name);
  if (!fib) return undefined;
  const hop = lookup(fib, { destination: far, source: own });
  const at = { container: container.name, flow };
  if (hop.kind === 'blocked' && !('destination' in hop.by)) return { ...at, kind: 'rule', by: hop.by };
  // Without any default route, or with one that forbids, the container was given none: another cause.
  if (routing.defaults(container.name, familyOf(far) ?? 4).length === 0) return undefined;
  if (hop.kind === 'blocked' && 'destination' in hop.by) return { ...at, kind: 'route', by: hop.by };
  return hop.kind === 'none' && mainTableHas(fib, far) ? { ...at, kind: 'main-table-unused' } : undefined;
}

function mainTableHas(fib: Fib, destination: string): boolean {
  return lookup(mainAlone(fib), { destination }).kind !== 'none';
}

function byFilter(state: NetworkState, flow: Flow, end: End): FilterBlock | undefined {
  const crossings = crossingsOf(state, flow, end);
  const first = crossings.find(({ outcome }) => outcome.kind === 'blocks');
  if (first?.outcome.kind !== 'blocks') return undefined;
  const { hook, outcome } = first;
  const blocked = crossings.flatMap(({ part, places }) => places.map((at) => ({ at, part })));
  return { container: end.container.name, flow, kind: 'filter', hook, by: outcome.by, blocked };
}

/** Where a flow's packets meet a container's filter, the request first. */
function crossingsOf(state: NetworkState, flow: Flow, { container, own, far }: End) {
  const firewall = state.firewall(container.name);
  if (!firewall) return [];
  const device = state.addresses.linkWith(container.name, own)?.name ?? 'eth0';
  const begins = sameAddress(far, flow.to.address);
  // In L3S the host's hooks see what comes in from outside, and the container's do not.
  const bypassed = isL3s(state.addresses.networkOf(container, own)) && flow.peer !== 'sibling';
  const parts: readonly Part[] = ['request', bypassed ? 'untracked-reply' : 'reply'];
  return parts.flatMap((part) => {
    const hook = begins === (part === 'request') ? ('output' as const) : ('input' as const);
    if (hook === 'input' && bypassed) return [];
    const hooks = hook === 'output' ? ['output', 'postrouting'] : ['prerouting', 'input'];
    const [source, destination] = hook === 'output' ? [own, far] : [far, own];
    const packet = {
      ...{ ...packetOf(flow, part), source, destination, state: STATES[part] },
      ...(hook === 'output' ? { outDevice: device } : { inDevice: device }),
    };
    return [
      { part, hook, outcome: filtered(firewall, hooks, packet), places: placesBlocking(firewall, hooks, packet) },
    ];
  });
}

/** What connection tracking in the container makes of a packet. */
const STATES = { request: 'new', reply: 'established', 'untracked-reply': 'invalid' } as const;

function isL3s(network: NetworkFact | undefined): boolean {
  return isLayer3(network) && network?.mode === 'l3s';
}

import type { ContainerFact, NetworkFact, Route, Rule } from '../../evidence/facts.js';
import { sameAddress } from '../../ip.js';
import { familyOf } from '../../ip.js';
import { defaultRoutes } from '../../network/default-route.js';
import { lookup, type Fib, type NextHop } from '../../network/fib.js';
import { filtered, placesBlocking } from '../../network/filter.js';
import { pathOf } from '../../path/trace.js';
import type { Decider, Place } from '../../network/packet-filter.js';
import type { World } from '../../network/world.js';
import type { Flow } from '../flow.js';
import { isLayer3 } from '../../network/networks.js';
import { packetOf, type Part } from '../remedies/traffic.js';

/** What a container itself has against a flow of its own. */
export type OwnObstacle = { readonly container: string; readonly flow: Flow } & (
  | {
      readonly kind: 'filter';
      readonly hook: 'output' | 'input' | 'forward';
      readonly by: Decider;
      /** Every chain that drops packets of the flow, with which. */
      readonly refusals: readonly { readonly at: Place; readonly part: Part }[];
    }
  | { readonly kind: 'rule'; readonly by: Rule; readonly type: string }
  | { readonly kind: 'route'; readonly by: Route; readonly type: string }
  /** Its main table knows the way, and no rule leads there. */
  | { readonly kind: 'no rule' }
);

interface End {
  readonly container: ContainerFact;
  readonly own: string;
  readonly far: string;
}

/** The first thing in its containers that keeps a flow from arriving, on its way there or back. */
export function ownObstacle(world: World, flow: Flow): OwnObstacle | undefined {
  const routed = endsOf(world, flow).length === 0 ? byForward(world, flow) : undefined;
  if (routed) return routed;
  for (const end of endsOf(world, flow)) {
    const found = byRoute(world, flow, end) ?? byFilter(world, flow, end);
    if (found) return found;
  }
  return undefined;
}

function endsOf(world: World, { from, to, outbound, containerAddress }: Flow): readonly End[] {
  const sender = outbound ? world.container(from.node?.name ?? '') : undefined;
  const target = world.container(to.node?.name ?? '');
  const source = outbound ? (containerAddress ?? '') : from.address;
  return [
    ...(sender ? [{ container: sender, own: source, far: to.address }] : []),
    ...(target ? [{ container: target, own: to.address, far: source }] : []),
  ].filter(({ own, far }) => own !== '' && far !== '');
}

function byRoute(world: World, flow: Flow, { container, own, far }: End): OwnObstacle | undefined {
  const fib = world.fib(container.name);
  if (!fib) return undefined;
  const hop = lookup(fib, { destination: far, source: own });
  const knows = defaultRoutes(fib.routes, familyOf(far) ?? 4).length > 0;
  // Without any default route, or with one that forbids, the container was given none: another cause.
  if (!knows && !isByRule(hop)) return undefined;
  const place = { container: container.name, flow };
  if (hop.kind === 'none') return mainKnows(fib, far) ? { ...place, kind: 'no rule' } : undefined;
  if (hop.kind !== 'blocked') return undefined;
  return 'destination' in hop.by
    ? { ...place, kind: 'route', by: hop.by, type: hop.type }
    : { ...place, kind: 'rule', by: hop.by, type: hop.type };
}

function isByRule(hop: NextHop): boolean {
  return hop.kind === 'blocked' && !('destination' in hop.by);
}

function mainKnows({ routes }: Fib, destination: string): boolean {
  const rules: readonly Rule[] = ([4, 6] as const).map((family) => ({ ...EVERYTHING, family }));
  return lookup({ routes, rules }, { destination }).kind !== 'none';
}

const EVERYTHING: Omit<Rule, 'family'> = {
  priority: 0,
  from: undefined,
  to: undefined,
  inDevice: undefined,
  outDevice: undefined,
  mark: undefined,
  inverted: false,
  table: 'main',
  action: undefined,
};

function byFilter(world: World, flow: Flow, end: End): OwnObstacle | undefined {
  const crossings = crossingsOf(world, flow, end);
  const first = crossings.find(({ outcome }) => outcome.kind === 'blocks');
  if (first?.outcome.kind !== 'blocks') return undefined;
  const { hook, outcome } = first;
  const refusals = crossings.flatMap(({ part, places }) => places.map((at) => ({ at, part })));
  return { container: end.container.name, flow, kind: 'filter', hook, by: outcome.by, refusals };
}

/** A container that others have as their router, and whose filter passes nothing on. */
function byForward(world: World, flow: Flow): OwnObstacle | undefined {
  const { there, back, end } = pathOf(world, flow.probe);
  const step = [...there, ...back].find(({ hop, measured }) => hop === 'container-firewall' && measured === 'died');
  const firewall = step && end && world.firewall(step.node);
  if (!step || !firewall || step.predicted.verdict !== 'blocks') return undefined;
  const fates = (['request', 'reply'] as const).map((part) => {
    const packet = { ...packetOf(flow, part), state: part === 'request' ? ('new' as const) : ('established' as const) };
    const outcome = filtered(firewall, ['forward'], packet);
    return { part, outcome, places: placesBlocking(firewall, ['forward'], packet) };
  });
  const [by] = fates.flatMap(({ outcome }) => (outcome.kind === 'blocks' ? [outcome.by] : []));
  const refusals = fates.flatMap(({ part, places }) => places.map((at) => ({ at, part })));
  return by === undefined ? undefined : { container: step.node, flow, kind: 'filter', hook: 'forward', by, refusals };
}

/** Where a flow's packets meet a container's filter, the request first. */
function crossingsOf(world: World, flow: Flow, { container, own, far }: End) {
  const firewall = world.firewall(container.name);
  if (!firewall) return [];
  const device = world.deviceOf(container.name, own) ?? 'eth0';
  const begins = sameAddress(far, flow.to.address);
  // In L3S the host's hooks see what comes in from outside, and the container's do not.
  const bypassed = isL3s(world.networkOf(container, own)) && flow.peer !== 'sibling';
  const parts: readonly Part[] = ['request', bypassed ? 'untracked-reply' : 'reply'];
  return parts.flatMap((part) => {
    const hook = begins === (part === 'request') ? ('output' as const) : ('input' as const);
    if (hook === 'input' && bypassed) return [];
    const hooks = hook === 'output' ? ['output', 'postrouting'] : ['prerouting', 'input'];
    const [source, destination] = hook === 'output' ? [own, far] : [far, own];
    const state = part === 'request' ? 'new' : part === 'reply' ? 'established' : 'invalid';
    const packet = {
      ...({ ...packetOf(flow, part), source, destination, state } as const),
      ...(hook === 'output' ? { outDevice: device } : { inDevice: device }),
    };
    return [
      { part, hook, outcome: filtered(firewall, hooks, packet), places: placesBlocking(firewall, hooks, packet) },
    ];
  });
}

function isL3s(network: NetworkFact | undefined): boolean {
  return isLayer3(network) && network?.mode === 'l3s';
}

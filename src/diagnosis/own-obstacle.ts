import type { ContainerFact, NetworkFact, Route, Rule } from '../evidence/facts.js';
import { sameAddress } from '../ip.js';
import { familyOf } from '../ip.js';
import { defaultRoutes } from '../path/default-route.js';
import { lookup, type Fib, type NextHop } from '../path/fib.js';
import { filtered } from '../path/filter.js';
import type { Place } from '../path/packet-filter.js';
import type { World } from '../path/world.js';
import type { Flow } from './flow.js';
import { isLayer3 } from './reading.js';

/** What a container itself has against a flow of its own. */
export type OwnObstacle = { readonly container: string; readonly flow: Flow } & (
  | {
      readonly kind: 'filter';
      readonly hook: 'output' | 'input';
      readonly by: string;
      readonly at: Place;
      /** Whose packets have to be let through: its own, or those of the far end. */
      readonly sources: readonly string[];
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
  const hop = fib && lookup(fib, { destination: far, source: own });
  const knows = fib && defaultRoutes(fib.routes, familyOf(far) ?? 4).length > 0;
  // Without any default route, or with one that forbids, the container was given none: another cause.
  if (!hop || !fib || (!knows && !isByRule(hop))) return undefined;
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

function byFilter(world: World, flow: Flow, { container, own, far }: End): OwnObstacle | undefined {
  const firewall = world.firewall(container.name);
  if (!firewall) return undefined;
  const { protocol, port } = asked(flow);
  const device = world.deviceOf(container.name, own) ?? 'eth0';
  const begins = sameAddress(far, flow.to.address);
  const place = { container: container.name, flow, kind: 'filter' } as const;
  const output = filtered(firewall, ['output', 'postrouting'], {
    source: own,
    destination: far,
    outDevice: device,
    protocol,
    port: begins ? port : undefined,
  });
  const input = filtered(firewall, ['prerouting', 'input'], {
    source: far,
    destination: own,
    inDevice: device,
    protocol,
    port: begins ? undefined : port,
  });
  // In L3S the host's hooks see what comes in from outside, and the container's do not.
  const bypassed = isL3s(world.networkOf(container, own)) && flow.peer !== 'sibling';
  if (!begins && input.kind === 'blocks' && !bypassed)
    return { ...place, hook: 'input', by: input.by, at: input.at, sources: [far] };
  if (output.kind === 'blocks') return { ...place, hook: 'output', by: output.by, at: output.at, sources: [own] };
  if (begins && input.kind === 'blocks' && !bypassed)
    return { ...place, hook: 'input', by: input.by, at: input.at, sources: [far] };
  return undefined;
}

function isL3s(network: NetworkFact | undefined): boolean {
  return isLayer3(network) && network?.mode === 'l3s';
}

/** What a flow's packets look like to a filter. */
export function asked({ probe: { over } }: Flow): { readonly protocol: string; readonly port: number | undefined } {
  if ('port' in over) return over;
  if (over.protocol === 'http') return { protocol: 'tcp', port: 80 };
  if (over.protocol === 'dns') return { protocol: 'udp', port: 53 };
  return { protocol: 'icmp', port: undefined };
}

import type { Facts, Route } from '../../../evidence/facts.js';
import { contains, subnetOf } from '../../../ip.js';
import { lookup } from '../../../network/fib.js';
import { NetworkState } from '../../../network/network-state.js';
import { isRoute, routeDestination, withoutRouteOn, withRouteOn } from '../../../network/edit/routes.js';
import { applied, notPredictable, rejected, unseenPart, type Applied } from '../applied.js';
import { sh, type ShellCommand, type Word } from '../../../shell.js';
import { on, type Command } from '../../command.js';
import { ipFor } from '../ip-command.js';

/** A route as `ip route` takes it. What the reader has to fill in is a `placeholder`. */
export interface RouteSpec {
  /** `default`, a subnet or an address. */
  readonly destination: string;
  readonly family: 4 | 6;
  /** `blackhole`, `unreachable`, `prohibit`; a unicast route when absent. */
  readonly type?: string | undefined;
  readonly via?: string | ShellCommand | undefined;
  readonly device?: string | undefined;
  readonly metric?: number | undefined;
  readonly table?: string | number | undefined;
  readonly source?: string | undefined;
}

export interface RouteChange {
  readonly kind: 'route';
  readonly on: string;
  /** `replace` adds it, or changes the one to the same destination with the same metric. */
  readonly do: 'replace' | 'delete';
  readonly route: RouteSpec;
  /** The route it takes the place of; its undo puts that back. Absent: the undo is the opposite. `none`: there is no undo. */
  readonly was?: RouteSpec | 'none' | undefined;
}

export function renderRoute({ on: node, do: action, route, was }: RouteChange): readonly Command[] {
  const opposite = action === 'replace' ? command('del', route) : command('add', route);
  const undo = was === 'none' ? undefined : was === undefined ? opposite : command('replace', was);
  return [on(node, command(action === 'replace' ? 'replace' : 'del', route), undo)];
}

function command(verb: string, { family, type, destination, ...rest }: RouteSpec): ShellCommand {
  const words: readonly Word[] = [...(type === undefined ? [] : [type]), destination];
  return sh`${ipFor(family)} route ${verb} ${words} ${selectors(rest)}`;
}

function selectors({
  via,
  device,
  metric,
  table,
  source,
}: Omit<RouteSpec, 'destination' | 'family' | 'type'>): readonly Word[] {
  return [
    ...(via === undefined ? [] : [sh`via ${via}`]),
    ...(device === undefined ? [] : [sh`dev ${device}`]),
    ...(source === undefined ? [] : [sh`src ${source}`]),
    ...(metric === undefined || metric === 0 ? [] : [sh`metric ${metric}`]),
    ...(table === undefined || table === 'main' ? [] : [sh`table ${table}`]),
  ];
}

/** The same in a copy of the state: the kernel takes no route whose next hop is not on one of its links. */
export function applyRoute(facts: Partial<Facts>, { on: node, do: action, route: spec }: RouteChange): Applied {
  const unseen = unseenPart(facts, node, 'routes', 'links');
  if (unseen) return unseen;
  const { via } = spec;
  if (via !== undefined && typeof via !== 'string') return notPredictable({ kind: 'to-fill-in' });
  if (action === 'delete') return deleted(facts, node, { ...spec, via });
  const device = spec.device ?? (via === undefined ? undefined : linkTowards(facts, node, via));
  if (via !== undefined && !isOnLink(facts, node, { via, device }))
    return rejected({ kind: 'next-hop-not-on-link', node, via });
  if (device !== undefined) {
    const link = new NetworkState(facts).links.link(node, device);
    if (!link) return rejected({ kind: 'no-such-link', node, device });
    if (!link.adminUp) return rejected({ kind: 'link-is-down', node, device });
  }
  return applied(withRouteOn(facts, node, routeOf({ ...spec, via, device })));
}

type ResolvedRoute = Omit<RouteSpec, 'via'> & { readonly via: string | undefined };

function routeOf({ destination, family, type, via, device, metric, table, source }: ResolvedRoute): Route {
  return {
    family,
    table: String(table ?? 'main'),
    type: type ?? 'unicast',
    destination: routeDestination(destination, family),
    via,
    device,
    metric: metric ?? (family === 6 ? 1024 : 0),
    scope: via === undefined && type === undefined ? 'link' : undefined,
    source,
    flags: [],
  };
}

function deleted(facts: Partial<Facts>, node: string, spec: ResolvedRoute): Applied {
  const { family, via, device, metric, table, type } = spec;
  const destination = routeDestination(spec.destination, family);
  const key = {
    ...{ family, destination, table: String(table ?? 'main') },
    ...(via === undefined ? {} : { via }),
    ...(device === undefined ? {} : { device }),
    ...(metric === undefined ? {} : { metric }),
    ...(type === undefined ? {} : { type }),
  };
  const known = facts.routes?.[node]?.some((route) => isRoute(route, key));
  return known
    ? applied(withoutRouteOn(facts, node, key))
    : rejected({ kind: 'no-such-route', node, destination: spec.destination });
}

/** The link that a next hop is on. */
function linkTowards(facts: Partial<Facts>, node: string, via: string): string | undefined {
  const hop = new NetworkState(facts).routing.lookup(node, { destination: via });
  return hop?.kind === 'on-link' ? hop.device : undefined;
}

function isOnLink(
  facts: Partial<Facts>,
  node: string,
  { via, device }: { readonly via: string; readonly device: string | undefined },
): boolean {
  if (device === undefined) return false;
  // A link-local next hop is on whatever link is named with it.
  if (/^fe80/i.test(via)) return true;
  const { links, routing } = new NetworkState(facts);
  const own = links.link(node, device)?.addresses ?? [];
  if (own.some((address) => contains(subnetOf(address), via))) return true;
  const fib = routing.fib(node);
  return fib !== undefined && lookup(fib, { destination: via, outDevice: device }).kind === 'on-link';
}

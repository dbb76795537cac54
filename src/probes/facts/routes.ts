import type { Route } from '../../evidence/facts.js';
import { defineFactProbe, isConfigured } from './fact-probe.js';
import { documentOf, STATE, STATE6 } from './network-state.js';

export const routes = defineFactProbe({
  id: 'routes',
  title: 'Routes of all tables, both families',
  establishes: 'routes',
  wanted: isConfigured,
  readings: [STATE, STATE6],
  parse: (printed) => [
    ...parseRoutes(documentOf(printed.by(STATE), 1), 4),
    ...parseRoutes(documentOf(printed.outputOf(STATE6).stdout, 0), 6),
  ],
});

interface RouteOutput {
  readonly type?: string;
  readonly dst: string;
  readonly gateway?: string;
  readonly via?: { readonly host: string };
  readonly dev?: string;
  readonly table?: string | number;
  readonly scope?: string;
  readonly metric?: number;
  readonly prefsrc?: string;
  readonly flags?: readonly string[];
  readonly protocol?: string;
  readonly nexthops?: readonly {
    readonly gateway?: string;
    readonly dev?: string;
    readonly flags?: readonly string[];
  }[];
}

/** `ip -json route show table all` of one family; a route over several next hops becomes one route for each. */
export function parseRoutes(json: string, family: 4 | 6): readonly Route[] {
  if (json.trim() === '') return [];
  return (JSON.parse(json) as readonly RouteOutput[]).flatMap((route) =>
    (route.nexthops ?? [{}]).map((hop) => parseRoute({ ...route, ...hop }, family)),
  );
}

function parseRoute(route: RouteOutput, family: 4 | 6): Route {
  return {
    family,
    table: String(route.table ?? 'main'),
    type: route.type ?? 'unicast',
    destination: withPrefix(route.dst, family),
    via: route.gateway ?? route.via?.host,
    device: route.dev,
    metric: route.metric ?? 0,
    scope: route.scope,
    source: route.prefsrc,
    flags: route.flags ?? [],
    ...learnedFrom(route),
  };
}

function learnedFrom({ protocol }: RouteOutput): Pick<Route, 'learned'> {
  return protocol === 'ra' || protocol === 'dhcp' || protocol === 'redirect' ? { learned: protocol } : {};
}

function withPrefix(destination: string, family: 4 | 6): string {
  if (destination === 'default') return family === 4 ? '0.0.0.0/0' : '::/0';
  return destination.includes('/') ? destination : `${destination}/${family === 4 ? 32 : 128}`;
}

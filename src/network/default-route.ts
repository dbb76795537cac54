import type { Route } from '../evidence/facts.js';
import { prefixLength } from '../ip.js';

/** Whether a route matches everything. */
export function isDefault(route: Route): boolean {
  return prefixLength(route.destination) === 0 && route.type === 'unicast';
}

/** The default routes of one family in the main table, best first. */
export function defaultRoutes(routes: readonly Route[], family: 4 | 6): readonly Route[] {
  const defaults = routes.filter((route) => route.family === family && route.table === 'main' && isDefault(route));
  return [...defaults].sort((a, b) => a.metric - b.metric);
}

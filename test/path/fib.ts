import type { Route, Rule } from '../../src/evidence/facts.js';
import type { Fib } from '../../src/network/fib.js';
import { plainRoute, plainRule } from '../../src/network/plain-node.js';

/** A route of the main table, as much of it as a test speaks of. */
export function route(destination: string, rest: Partial<Route> = {}): Route {
  return { ...plainRoute(destination, { device: 'eth0' }), ...rest };
}

export function rule(priority: number, rest: Partial<Rule> = {}): Rule {
  return { ...plainRule(4, { priority, table: 'main' }), ...rest };
}

/** The rules every host begins with. */
export const USUAL_RULES: readonly Rule[] = ([4, 6] as const).flatMap((family) => [
  rule(0, { family, table: 'local' }),
  rule(32766, { family }),
]);

export function fib(routes: readonly Route[], rules: readonly Rule[] = []): Fib {
  return { routes, rules: [...USUAL_RULES, ...rules] };
}

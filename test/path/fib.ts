import type { Route, Rule } from '../../src/evidence/facts.js';
import { familyOf } from '../../src/ip.js';
import type { Fib } from '../../src/network/fib.js';

/** A route of the main table, as much of it as a test speaks of. */
export function route(destination: string, rest: Partial<Route> = {}): Route {
  return {
    family: familyOf(destination) ?? 4,
    table: 'main',
    type: 'unicast',
    destination,
    via: undefined,
    device: 'eth0',
    metric: 0,
    scope: undefined,
    source: undefined,
    flags: [],
    ...rest,
  };
}

export function rule(priority: number, rest: Partial<Rule> = {}): Rule {
  return {
    family: 4,
    priority,
    from: undefined,
    to: undefined,
    inDevice: undefined,
    outDevice: undefined,
    mark: undefined,
    inverted: false,
    table: 'main',
    action: undefined,
    ...rest,
  };
}

/** The rules every host begins with. */
export const USUAL_RULES: readonly Rule[] = ([4, 6] as const).flatMap((family) => [
  rule(0, { family, table: 'local' }),
  rule(32766, { family }),
]);

export function fib(routes: readonly Route[], rules: readonly Rule[] = []): Fib {
  return { routes, rules: [...USUAL_RULES, ...rules] };
}

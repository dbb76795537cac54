import type { Facts, Route, Rule } from '../../evidence/facts.js';
import { familyOf, subnetOf } from '../../ip.js';
import { onNode } from './on-node.js';

/** What names a route on a node: the rest of it is replaced. */
type RouteKey = Pick<Route, 'family' | 'destination' | 'table'> &
  Partial<Pick<Route, 'metric' | 'via' | 'device' | 'type'>>;

/** `default` and addresses as facts have them: `0.0.0.0/0`, `192.168.0.1/32`. */
export function routeDestination(text: string, family: 4 | 6): string {
  if (text === 'default') return family === 6 ? '::/0' : '0.0.0.0/0';
  return text.includes('/') ? subnetOf(text) : `${text}/${familyOf(text) === 6 ? 128 : 32}`;
}

/** Adds a route, in the place of the one with the same destination, table and metric. */
export function withRouteOn(facts: Partial<Facts>, node: string, route: Route): Partial<Facts> {
  const { family, destination, table, metric } = route;
  return onNode(facts, ['routes', node], (routes) => [
    ...routes.filter((one) => !isRoute(one, { family, destination, table, metric })),
    route,
  ]);
}

/** Takes away the first route that is meant, as the kernel does. */
export function withoutRouteOn(facts: Partial<Facts>, node: string, key: RouteKey): Partial<Facts> {
  return onNode(facts, ['routes', node], (routes) => {
    const at = routes.findIndex((one) => isRoute(one, key));
    return routes.filter((_, index) => index !== at);
  });
}

/** Takes away all routes that a test picks. */
export function withoutRoutesOn(
  facts: Partial<Facts>,
  node: string,
  picked: (route: Route) => boolean,
): Partial<Facts> {
  return onNode(facts, ['routes', node], (routes) => routes.filter((one) => !picked(one)));
}

export function isRoute(route: Route, key: RouteKey): boolean {
  return hasAll(route, key);
}

export function withRuleOn(facts: Partial<Facts>, node: string, rule: Rule): Partial<Facts> {
  return onNode(facts, ['rules', node], (rules) =>
    [...rules, rule].sort((one, other) => one.priority - other.priority),
  );
}

export function withoutRuleOn(facts: Partial<Facts>, node: string, key: Partial<Rule>): Partial<Facts> {
  return onNode(facts, ['rules', node], (rules) => {
    const at = rules.findIndex((rule) => isRule(rule, key));
    return rules.filter((_, index) => index !== at);
  });
}

export function isRule(rule: Rule, key: Partial<Rule>): boolean {
  return hasAll(rule, key);
}

/** Whether a thing has all that a key says; what the key leaves undefined may be anything. */
function hasAll<Thing extends object>(thing: Thing, key: Partial<Thing>): boolean {
  return Object.entries(key).every(([name, value]) => value === undefined || thing[name as keyof Thing] === value);
}

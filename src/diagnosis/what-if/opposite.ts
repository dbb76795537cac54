import type { Facts } from '../../evidence/facts.js';
import { withFilterRule } from '../../network/edit/firewall.js';
import { routeDestination, withoutRoutesOn } from '../../network/edit/routes.js';
import type { Change } from '../remedies/change.js';

/**
 * The state before a change on a node that was not seen and is assumed to be in order: without what the change brings, because that is
 * what it would be made for. Other changes have no opposite, and the state stays as it is.
 */
export function opposite(facts: Partial<Facts>, change: Change): Partial<Facts> {
  if (change.kind === 'route' && change.do === 'replace') {
    const destination = routeDestination(change.route.destination, change.route.family);
    return withoutRoutesOn(facts, change.on, (route) => route.destination === destination && route.table === 'main');
  }
  return change.kind === 'masquerade' ? untranslated(facts, change) : facts;
}

function untranslated(
  facts: Partial<Facts>,
  { on: node, subnet }: Extract<Change, { kind: 'masquerade' }>,
): Partial<Facts> {
  const chains = (facts.firewall?.[node]?.chains ?? []).filter(({ hook }) => hook === 'postrouting');
  const rule = { text: `${subnet.includes(':') ? 'ip6' : 'ip'} saddr ${subnet} accept`, verdict: 'accept' };
  return chains.reduce((rest, at) => withFilterRule(rest, { node, at, where: 'head' }, rule), facts);
}

import type { Link, Route, Rule } from '../../evidence/facts.js';
import { bare, contains, familyOf, isAddress, subnetOf } from '../../ip.js';
import { standardRules } from './ip-text.js';
import { routerOsName, type RouterOsItem } from './routeros-items.js';
import { routerOsLinks } from './routeros-links.js';
import { isActive, type Menus } from './routeros-menus.js';

/** The routes in use, and what RouterOS keeps for itself and does not list. */
export function routerOsRoutes(menus: Menus): readonly Route[] {
  const known = routerOsLinks(menus);
  const four = menus.items('ip-route').flatMap((item) => routesOf(item, 4, known));
  const six = menus.others('ipv6-route').flatMap((item) => routesOf(item, 6, known));
  return [...four, ...six, ...localRoutes(known)];
}

function routesOf(item: RouterOsItem, family: 4 | 6, known: readonly Link[]): readonly Route[] {
  const { values, flags } = item;
  const destination = values['dst-address'];
  if (destination === undefined || !flags.includes('A')) return [];
  const hops = (values['gateway'] ?? '').split(',').filter(Boolean);
  const type = typeOf(item, hops);
  return (type === 'unicast' ? hops : ['']).map((hop) => ({
    ...{ family, table: tableOf(values), type, destination: withLength(destination, family) },
    ...nextHop(hop, values, known),
    ...{ metric: Number(values['distance'] ?? 0), scope: undefined, source: values['pref-src'], flags: [] },
  }));
}

/** Version 6 has a type, version 7 a word or a flag. */
function typeOf({ values, printed, flags }: RouterOsItem, hops: readonly string[]): string {
  const forbids = /\b(blackhole|unreachable|prohibit)\b/.exec(`${values['type'] ?? ''} ${printed}`)?.[1];
  return forbids ?? (hops.length === 0 && flags.includes('B') ? 'blackhole' : 'unicast');
}

function withLength(destination: string, family: 4 | 6): string {
  return destination.includes('/') ? destination : `${destination}/${family === 4 ? 32 : 128}`;
}

function tableOf(values: RouterOsItem['values']): string {
  return values['routing-table'] ?? values['routing-mark'] ?? 'main';
}

/** `192.168.0.2`, `192.168.0.2%ether1` or `ether1`; which interface leads to an address, version 7 says beside it. */
function nextHop(hop: string, values: RouterOsItem['values'], known: readonly Link[]): Pick<Route, 'via' | 'device'> {
  if (hop === '') return { via: undefined, device: undefined };
  const [address = '', given] = hop.split('%');
  if (!isAddress(address)) return { via: undefined, device: routerOsName(hop) };
  const immediate = /%(\S+)/.exec(values['immediate-gw'] ?? '')?.[1];
  const reachable = /reachable(?: via)?\s+(\S+)/.exec(values['gateway-status'] ?? '')?.[1];
  const near = known.find(({ addresses }) => addresses.some((own) => contains(subnetOf(own), address)))?.name;
  const device = given ?? immediate ?? reachable ?? near;
  return { via: address, device: device === undefined ? undefined : routerOsName(device) };
}

function localRoutes(links: readonly Link[]): readonly Route[] {
  return links.flatMap(({ name, addresses }) =>
    addresses.map((address): Route => {
      const family = familyOf(address) ?? 4;
      return {
        ...{ family, table: 'local', type: 'local', destination: withLength(bare(address), family), via: undefined },
        ...{ device: name, metric: 0, scope: 'host', source: undefined, flags: [] },
      };
    }),
  );
}

/**
 * The rules that choose a routing table: those of every Linux, and between them those of the user.
 *
 * @throws Error where something chooses tables that no rule of ours can say
 */
export function routerOsRules(menus: Menus): readonly Rule[] {
  const marks = menus.others('ip-firewall-mangle').filter(isActive);
  if (marks.some(({ values }) => values['action'] === 'mark-routing'))
    throw new Error('mangle rules choose routing tables there, which has no translation');
  const own = [...menus.others('routing-rule'), ...menus.others('ip-route-rule')].filter(isActive);
  return [...standardRules(4), ...standardRules(6), ...own.flatMap(ruleOf)];
}

function ruleOf({ values }: RouterOsItem, at: number): readonly Rule[] {
  const { action = 'lookup', table = 'main' } = values as Readonly<Record<string, string | undefined>>;
  const [from, to] = [values['src-address'], values['dst-address']];
  const families = [from, to].flatMap((one) => (one === undefined ? [] : (familyOf(one) ?? [])));
  const device = values['interface'];
  const forbids = { drop: 'blackhole', unreachable: 'unreachable' }[action];
  return ([4, 6] as const)
    .filter((family) => families.every((one) => one === family))
    .map((family) => ({
      ...{ family, priority: 100 + at, from, to, outDevice: undefined, mark: undefined, inverted: false },
      inDevice: device === undefined ? undefined : routerOsName(device),
      ...(values['routing-mark'] === undefined ? {} : { others: ['routing-mark'] }),
      ...{ table: forbids === undefined ? table : undefined, action: forbids },
    }));
}

import type { Firewall, Neighbour } from '../../evidence/facts.js';
import { isAddress } from '../../ip.js';
import { readFacts, type RouterReading } from './router-facts.js';
import { routerOsFirewall, type FilterMenus } from './routeros-filter.js';
import { routerOsName, settingsIn, type RouterOsItem } from './routeros-items.js';
import { routerOsLinks } from './routeros-links.js';
import { isActive, menusIn, type Menus } from './routeros-menus.js';
import { routerOsRoutes, routerOsRules } from './routeros-routes.js';
import type { Sections } from './sections.js';

/** Reads what `ROUTEROS_COMMAND` printed. */
export function readRouterOs(sections: Sections): RouterReading {
  const menus = menusIn(sections);
  return {
    software: 'routeros',
    ...readFacts({
      links: () => routerOsLinks(menus),
      routes: () => routerOsRoutes(menus),
      rules: () => routerOsRules(menus),
      neighbours: () => menus.items('ip-arp').flatMap(neighbour),
      sysctls: () => sysctls(menus),
      firewall: () => firewall(menus),
    }),
  };
}

function neighbour({ flags, values }: RouterOsItem): readonly Neighbour[] {
  const { address = '', interface: device = '', status } = values as Readonly<Record<string, string | undefined>>;
  if (!isAddress(address)) return [];
  const mac = values['mac-address']?.toLowerCase();
  const learned = flags.includes('D');
  const state = mac === undefined ? 'INCOMPLETE' : learned ? (status?.toUpperCase() ?? 'REACHABLE') : 'PERMANENT';
  return [{ address, device: routerOsName(device), mac, state }];
}

/** Its settings as Linux names them: it is one. */
function sysctls({ text }: Menus): Readonly<Record<string, string>> {
  const settings = settingsIn(text('ip-settings'));
  const forward = settings['ip-forward'];
  if (forward === undefined) throw new Error('"/ip settings print" does not say whether it forwards');
  const filter = { no: '0', strict: '1', loose: '2' }[settings['rp-filter'] ?? ''];
  const forward6 = forwards6(text);
  return {
    'net.ipv4.ip_forward': forward === 'no' ? '0' : '1',
    ...(filter === undefined ? {} : { 'net.ipv4.conf.all.rp_filter': filter }),
    ...(forward6 === undefined ? {} : { 'net.ipv6.conf.all.forwarding': forward6 === 'no' ? '0' : '1' }),
  };
}

function forwards6(text: Menus['text']): string | undefined {
  try {
    return settingsIn(text('ipv6-settings'))['forward'];
  } catch {
    return undefined; // A version without IPv6.
  }
}

function firewall(menus: Menus): Firewall {
  const { items, others } = menus;
  const shared = { interfaceLists: interfaceLists(menus), ipsec: hasIpsec(menus) };
  const four = routerOsFirewall('ip', {
    ...{ filter: items('ip-firewall-filter'), nat: items('ip-firewall-nat'), raw: others('ip-firewall-raw') },
    ...{ addressLists: others('ip-firewall-address-list'), ...shared },
  });
  const six = routerOsFirewall('ip6', {
    ...{ filter: others('ipv6-firewall-filter'), nat: [], raw: [] },
    ...{ addressLists: others('ipv6-firewall-address-list'), ...shared },
  });
  return {
    readable: ['routeros'],
    chains: [...four.chains, ...six.chains],
    rules: [...four.rules, ...six.rules],
    sets: [...(four.sets ?? []), ...(six.sets ?? [])],
  };
}

function interfaceLists({ others }: Menus): FilterMenus['interfaceLists'] {
  const members = others('interface-list-member').filter(isActive);
  const lists = others('interface-list');
  const nested = lists.filter(({ values }) => values['include'] ?? values['exclude']);
  const names = [
    ...lists.map(({ values }) => values['name'] ?? ''),
    ...members.map(({ values }) => values['list'] ?? ''),
  ];
  const membersOf = (name: string) =>
    nested.some(({ values }) => values['name'] === name)
      ? undefined
      : members.filter(({ values }) => values['list'] === name).flatMap(({ values }) => values['interface'] ?? []);
  return new Map(names.map((name) => [name, membersOf(name)]));
}

/** A template is no policy. */
function hasIpsec({ items }: Menus): boolean | undefined {
  try {
    return items('ip-ipsec-policy').some(({ flags }) => !/[TX]/.test(flags));
  } catch {
    return undefined;
  }
}

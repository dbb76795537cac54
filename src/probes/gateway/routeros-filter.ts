import type { Firewall, FirewallChain, FirewallRule, FirewallSet } from '../../evidence/facts.js';
import { baseChain, jumpChain, oneOf, translatedRule, type RuleTable } from './translated-rule.js';
import { routerOsName, type RouterOsItem } from './routeros-items.js';
import { isActive } from './routeros-menus.js';

/** The menus that a RouterOS packet filter is made of, of one family. */
export interface FilterMenus {
  readonly filter: readonly RouterOsItem[];
  readonly nat: readonly RouterOsItem[];
  readonly raw: readonly RouterOsItem[];
  readonly addressLists: readonly RouterOsItem[];
  /** Names of interfaces by the list they are in; `undefined` for what is in a list of lists. */
  readonly interfaceLists: ReadonlyMap<string, readonly string[] | undefined>;
  /** Whether there are IPsec policies; `undefined` where that was not read. */
  readonly ipsec: boolean | undefined;
}

/** Base chains by table. */
const BASE = {
  filter: { input: 'input', forward: 'forward', output: 'output' },
  nat: { srcnat: 'srcnat', dstnat: 'dstnat' },
  raw: { prerouting: 'prerouting', output: 'output' },
} as const;

/** What rules decide, by RouterOS' word. What is not here decides nothing or cannot be told. */
const VERDICTS: Readonly<Record<string, string>> = {
  ...{ accept: 'accept', drop: 'drop', reject: 'reject', tarpit: 'drop', return: 'return' },
  ...{ masquerade: 'masquerade', 'src-nat': 'snat', netmap: 'snat', same: 'snat', 'dst-nat': 'dnat' },
  ...{ redirect: 'redirect', 'endpoint-independent-nat': 'masquerade' },
};
const UNDECIDING =
  /^(?:passthrough|log|add-(?:src|dst)-to-address-list|fasttrack-connection|mark-.*|change-.*|notrack|set-.*|sniff-.*)$/;

/** Keys that narrow nothing. */
const NEUTRAL =
  /^(?:chain|action|comment|log|log-prefix|jump-target|reject-with|to-addresses|to-ports|hw-offload|address-list|address-list-timeout|disabled|bytes|packets|src-address-list-timeout)$/;

/** The packet filter of one family. */
export function routerOsFirewall(family: 'ip' | 'ip6', menus: FilterMenus): Omit<Firewall, 'readable'> {
  const tables = (['filter', 'nat', 'raw'] as const).map((name) => tableOf(family, name, menus));
  return {
    chains: tables.flatMap(({ chains }) => chains),
    rules: tables.flatMap(({ rules }) => rules),
    sets: tables.flatMap(({ table }) => setsOf(table, menus.addressLists)),
  };
}

function tableOf(family: 'ip' | 'ip6', name: keyof typeof BASE, menus: FilterMenus) {
  const table: RuleTable = { backend: 'routeros', family, table: name };
  const rules = menus[name].filter(isActive).flatMap((item) => ruleOf(table, item, menus));
  const base: Readonly<Record<string, Parameters<typeof baseChain>[2]>> = BASE[name];
  const bases = Object.entries(base).map(([chain, hook]) => baseChain(table, chain, hook));
  const others = [...new Set(rules.map(({ chain }) => chain))].filter((chain) => !(chain in base));
  const chains: readonly FirewallChain[] = [...bases, ...others.map((chain) => jumpChain(table, chain))];
  return { table, chains, rules };
}

function setsOf({ family, table }: RuleTable, lists: readonly RouterOsItem[]): readonly FirewallSet[] {
  const names = [...new Set(lists.map(({ values }) => values['list'] ?? ''))];
  return names.map((name) => ({
    ...{ family, table, name: setName(name) },
    elements: lists.filter((one) => isActive(one) && one.values['list'] === name).flatMap(addressOf),
  }));
}

/** A list may hold names, which RouterOS resolves into dynamic entries beside them. */
function addressOf({ values }: RouterOsItem): readonly string[] {
  const address = values['address'] ?? '';
  return /^[\da-f.:/-]+$/i.test(address) ? [address] : [];
}

function setName(list: string): string {
  return list.replaceAll(/\s+/g, '_');
}

function ruleOf(table: RuleTable, item: RouterOsItem, menus: FilterMenus): readonly FirewallRule[] {
  const { values, printed } = item;
  const action = values['action'] ?? 'accept';
  if (UNDECIDING.test(action)) return [];
  const verdict = action === 'jump' ? `jump ${values['jump-target'] ?? ''}` : (VERDICTS[action] ?? 'unclear');
  const matches: string[] = [];
  let unclear = false;
  for (const [key, value] of Object.entries(values)) {
    if (NEUTRAL.test(key)) continue;
    const match = matchOf(table.family, { key, value }, menus);
    if (match === 'never') return [];
    if (match === undefined) unclear = true;
    else if (match !== 'always') matches.push(match);
  }
  return [translatedRule(table, { chain: values['chain'] ?? 'forward', matches, verdict, unclear, printed })];
}

interface Condition {
  readonly key: string;
  readonly value: string;
}

/** @returns words of nftables; `always` and `never` for what all or no packets meet; `undefined` without a translation */
function matchOf(family: string, { key, value }: Condition, menus: FilterMenus): string | undefined {
  const not = value.startsWith('!') ? '!= ' : '';
  const plain = value.replace(/^!/, '');
  const ip = family === 'ip6' ? 'ip6' : 'ip';
  switch (key) {
    case 'src-address':
      return `${ip} saddr ${not}${plain}`;
    case 'dst-address':
      return `${ip} daddr ${not}${plain}`;
    case 'src-address-list':
      return `${ip} saddr ${not}@${setName(plain)}`;
    case 'dst-address-list':
      return `${ip} daddr ${not}@${setName(plain)}`;
    case 'in-interface':
      return `iifname ${not}"${routerOsName(plain)}"`;
    case 'out-interface':
      return `oifname ${not}"${routerOsName(plain)}"`;
    case 'in-interface-list':
      return inList('iifname', { not, list: plain }, menus);
    case 'out-interface-list':
      return inList('oifname', { not, list: plain }, menus);
    case 'protocol':
      return `meta l4proto ${not}${plain}`;
    case 'connection-state':
      return `ct state ${not}${plain}`;
    case 'ipsec-policy':
      return ofIpsec(plain, menus);
    case 'icmp-options':
      return not === '' ? icmpOf(plain) : undefined;
    default:
      return portsOf(key, `${not}${oneOf(plain.split(','))}`);
  }
}

/** Kinds of ICMP messages that the model knows, by their numbers. */
const ICMP: Readonly<Record<string, string>> = {
  ...{ '8': 'echo-request', '0': 'echo-reply' },
  ...{ '128': 'echo-request', '129': 'echo-reply' },
};

function icmpOf(options: string): string | undefined {
  const kind = ICMP[options.replace(/:.*$/, '')];
  return kind === undefined ? undefined : `icmp type ${kind}`;
}

/** Where there are no policies, no packet meets one. */
function ofIpsec(policy: string, { ipsec }: FilterMenus): string | undefined {
  if (ipsec !== false) return undefined;
  return policy.endsWith('none') ? 'always' : 'never';
}

/** Rules with ports name their protocol beside; without one they are TCP and UDP. */
function portsOf(key: string, ports: string): string | undefined {
  if (key === 'dst-port') return `tcp dport ${ports}`;
  return key === 'src-port' ? `tcp sport ${ports}` : undefined;
}

function inList(
  word: 'iifname' | 'oifname',
  { not, list }: { readonly not: string; readonly list: string },
  { interfaceLists }: FilterMenus,
): string | undefined {
  if (list === 'all') return not === '' ? 'always' : 'never';
  if (list === 'none') return not === '' ? 'never' : 'always';
  if (!interfaceLists.has(list)) return undefined;
  const members = interfaceLists.get(list);
  if (members === undefined) return undefined;
  if (members.length === 0) return not === '' ? 'never' : 'always';
  return `${word} ${not}${oneOf(members.map(routerOsName), true)}`;
}

import type { Firewall, FirewallRule } from '../../evidence/facts.js';
import type { AccessEntry, AccessLists } from './cisco-access.js';
import type { CiscoBlock, CiscoInterface } from './cisco-config.js';
import { baseChain, jumpChain, translatedRule, type RuleTable } from './translated-rule.js';

const FILTER: RuleTable = { backend: 'cisco-ios', family: 'ip', table: 'access-list' };
const NAT: RuleTable = { backend: 'cisco-ios', family: 'ip', table: 'nat' };

interface Configured {
  readonly blocks: readonly CiscoBlock[];
  readonly interfaces: readonly CiscoInterface[];
  readonly lists: AccessLists;
}

/** Access lists at interfaces and source NAT, in words of the model. A list that is named and not there lets everything pass. */
export function ciscoFirewall(configured: Configured): Firewall {
  const { interfaces, lists } = configured;
  const used = new Set(interfaces.flatMap(({ access }) => [access.in, access.out]).filter((one) => one !== undefined));
  const present = [...lists].filter(([name, entries]) => used.has(name) && entries.length > 0);
  const ways = (way: 'in' | 'out', chain: string) =>
    interfaces.flatMap((one) => atInterface(one, { way, chain, lists }));
  return {
    readable: ['cisco-ios'],
    chains: [
      ...[baseChain(FILTER, 'in', 'forward'), baseChain(FILTER, 'out', 'forward-out')],
      ...[baseChain(FILTER, 'to the router', 'input'), baseChain(NAT, 'inside source', 'srcnat')],
      ...present.map(([name]) => jumpChain(FILTER, name)),
    ],
    rules: [
      ...[...ways('in', 'in'), ...ways('out', 'out'), ...ways('in', 'to the router')],
      ...present.flatMap(([name, entries]) => listRules(name, entries)),
      ...translations(configured),
    ],
  };
}

interface At {
  readonly way: 'in' | 'out';
  readonly chain: string;
  readonly lists: AccessLists;
}

function atInterface({ name, access, others }: CiscoInterface, { way, chain, lists }: At): readonly FirewallRule[] {
  const matches = [`${way === 'in' ? 'iifname' : 'oifname'} "${name}"`];
  const list = access[way];
  // Zones and inspection decide by connections and by pairs of interfaces.
  const inspected = others.filter((line) => /^(?:zone-member|ip inspect)/.test(line));
  return [
    ...inspected.map((printed) =>
      translatedRule(FILTER, { chain, matches, verdict: 'unclear', unclear: true, printed }),
    ),
    ...(list !== undefined && (lists.get(list)?.length ?? 0) > 0
      ? [
          translatedRule(FILTER, {
            ...{ chain, matches, verdict: `goto ${list}`, unclear: false },
            printed: `ip access-group ${list} ${way}`,
          }),
        ]
      : []),
  ];
}

/** What no entry permits is denied. */
function listRules(chain: string, entries: readonly AccessEntry[]): readonly FirewallRule[] {
  const printed = `the implicit deny at the end of access list ${chain}`;
  return [
    ...entries.map(({ action, ...entry }) =>
      translatedRule(FILTER, { ...entry, chain, verdict: action === 'permit' ? 'accept' : 'drop' }),
    ),
    translatedRule(FILTER, { chain, matches: [], verdict: 'drop', unclear: false, printed }),
  ];
}

/** `ip nat inside source list 1 interface GigabitEthernet0/1 overload`, and those with pools, route maps and single addresses. */
function translations({ blocks, interfaces, lists }: Configured): readonly FirewallRule[] {
  const outside = interfaces.filter(({ nat }) => nat === 'outside').map(({ name }) => name);
  // Only what comes in from an inside interface is translated, which the model asks by source alone.
  const inside = interfaces.filter(
    ({ nat, addresses, name }) => nat !== 'inside' && addresses.length > 0 && !outside.includes(name),
  );
  if (!interfaces.some(({ nat }) => nat === 'inside')) return [];
  const chain = 'inside source';
  return blocks.flatMap(({ line: printed }) => {
    const [, kind, name = '', rest = ''] =
      /^ip nat inside source (list|route-map|static) (\S+)(.*)$/.exec(printed) ?? [];
    if (kind === undefined) return [];
    const through = / interface (\S+)/.exec(rest)?.[1];
    return (through === undefined ? outside : [through]).flatMap((device) => {
      const at = `oifname "${device}"`;
      const unclear = inside.length > 0;
      if (kind === 'static')
        return [
          translatedRule(NAT, { chain, matches: [at, `ip saddr ${name}`], verdict: 'snat', unclear: true, printed }),
        ];
      if (kind === 'route-map')
        return [translatedRule(NAT, { chain, matches: [at], verdict: 'masquerade', unclear: true, printed })];
      return (lists.get(name) ?? []).map((entry) =>
        translatedRule(NAT, {
          ...{ chain, matches: [at, ...entry.matches], unclear: unclear || entry.unclear },
          ...{ verdict: entry.action === 'permit' ? 'masquerade' : 'accept', printed: `${printed}: ${entry.printed}` },
        }),
      );
    });
  });
}

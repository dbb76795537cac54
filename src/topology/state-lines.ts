import { rulesetLines } from './ruleset-lines.js';

/** What a program prints in place of a section that it could not read. */
export const UNREAD = '!unread';

/** The state of a node: by section, one line for each thing it has, without what counts or ages. */
export type NodeState = ReadonlyMap<string, readonly string[]>;

/** What a node has that it had not, and what it lacks that it had. */
export interface StateDifference {
  readonly node: string;
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/**
 * What `stateScript` printed: sections, each under a line such as `== 0 nftables`, where the number is that of the node.
 *
 * @returns by the node's name; a section that could not be read is absent
 */
export function parseState(text: string, nodes: readonly string[]): ReadonlyMap<string, NodeState> {
  const states = new Map(nodes.map((name) => [name, new Map<string, readonly string[]>()]));
  for (const part of text.split(/^== /m)) {
    const [, index, section = '', body = ''] = /^(\d+) (\S+)\n([^]*)$/.exec(part) ?? [];
    if (index === undefined || body.includes(UNREAD)) continue;
    const own = linesOf(section, body).filter((line) => !OF_OTHERS.test(line));
    states.get(nodes[Number(index)] ?? '')?.set(section, own);
  }
  return states;
}

/** Links and bridges that Docker adds and removes for containers of others, and the tables of a look, which are gone after it. */
const OF_OTHERS = /\bveth[0-9a-f]{7}\b|\bbr-[0-9a-f]{12}\b|\bipvlan_doctor_/;

/** How some nodes differ from what they were; empty when they are as they were. Nodes and sections that were read once only are passed over. */
export function stateDifferences(
  before: ReadonlyMap<string, NodeState>,
  after: ReadonlyMap<string, NodeState>,
): readonly StateDifference[] {
  return [...after].flatMap(([node, sections]) => {
    const changes = [...sections].map(([section, now]) => change(section, before.get(node)?.get(section) ?? now, now));
    const added = changes.flatMap((one) => one.added);
    const removed = changes.flatMap((one) => one.removed);
    return added.length + removed.length > 0 ? [{ node, added, removed }] : [];
  });
}

/** Filters decide by the first rule that matches, so that their order counts. */
const IN_ORDER = new Set(['nftables', 'legacy']);

function change(section: string, had: readonly string[], has: readonly string[]): Omit<StateDifference, 'node'> {
  if (section === 'sysctls') return settingsChanged(had, has);
  const added = without(has, had);
  const removed = without(had, has);
  if (added.length + removed.length > 0 || !IN_ORDER.has(section)) return { added, removed };
  const moved = has.find((line, at) => line !== had[at]);
  return { added: moved === undefined ? [] : [`${moved} (in another place)`], removed };
}

/** Settings of a link come and go with the link, which is compared by itself. */
function settingsChanged(had: readonly string[], has: readonly string[]): Omit<StateDifference, 'node'> {
  const names = (lines: readonly string[]) => new Set(lines.map(nameOf));
  const both = (others: ReadonlySet<string>) => (line: string) => others.has(nameOf(line)) || !isOfLink(line);
  return {
    added: without(has, had).filter(both(names(had))),
    removed: without(had, has).filter(both(names(has))),
  };
}

function nameOf(setting: string): string {
  return setting.slice(0, setting.indexOf(' = '));
}

function isOfLink(setting: string): boolean {
  return /^net\/[^/]+\/(?:conf|neigh)\//.test(setting);
}

/** The lines of one list that another lacks; a line that it has twice is lacked once where the other has it once. */
function without(lines: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}

function linesOf(section: string, body: string): readonly string[] {
  const lines = body.split('\n').filter((line) => line.trim() !== '');
  switch (section) {
    case 'nftables':
      return rulesetLines(body);
    case 'legacy':
    case 'legacy6':
      return legacyLines(lines);
    case 'sysctls':
      return lines.filter((line) => !line.includes('/nf_conntrack')).map(settingOf);
    case 'bridge':
      // A switch learns addresses by itself, and joins groups for the links it has.
      return lines.map(steady).filter((line) => !/^[\da-f:]{17} /.test(line) || isSetByHand(line));
    default:
      return lines.map(steady).filter((line) => !OF_AN_ADDRESS.test(line));
  }
}

/** IPv6 routes that the kernel adds by itself, some of them only seconds after the address they belong to, which is compared by itself. */
const OF_AN_ADDRESS = /^(?:(?:local|anycast|multicast) \S*:|unicast fe80:).*\bproto kernel\b/;

function isSetByHand(entry: string): boolean {
  return /\b(?:static|permanent)\b/.test(entry) && !/^(?:33:33|01:00:5e)/.test(entry);
}

/** Without a line's trailing counters. A built-in chain that accepts is what iptables leaves behind when its last rule goes. */
function legacyLines(lines: readonly string[]): readonly string[] {
  let table = '';
  return lines.flatMap((line) => {
    if (line.startsWith('*')) table = line.slice(1);
    if (/^(?:#|\*|COMMIT|:[A-Z]+ ACCEPT )/.test(line)) return [];
    return [`${table}: ${line.replace(/ \[\d+:\d+\]$/, '')}`];
  });
}

/** `/proc/sys/net/ipv4/ip_forward:1` as `net/ipv4/ip_forward = 1`: with slashes, a name may hold dots as that of a VLAN link does. */
function settingOf(line: string): string {
  const [, name = line, value = ''] = /^\/proc\/sys\/([^:]*):(.*)$/.exec(line) ?? [];
  return `${name} = ${value.replaceAll(/\s+/g, ' ')}`;
}

/** Without what changes by itself: carrier, captures, timers, ages, reference counts, and how the legs of a bond fare. */
function steady(line: string): string {
  return line
    .replace(/<([^>]*)>/, (_, flags: string) => `<${flags.split(',').filter(isConfigured).join(',')}>`)
    .replaceAll(/\b(?:promiscuity|allmulti|refcnt|topology_change\w*|config_pending) \d+/g, '')
    .replaceAll(/\b\w*timer +[\d.]+/g, '')
    .replaceAll(/\b(?:active_slave|mii_status|link_failure_count) \S+/g, '')
    .replaceAll(/\bad_(?:aggregator(?:_id)?|num_ports|\w+_key|partner_mac|\w+_oper_port_state(?:_str)?) \S+/g, '')
    .replaceAll(/\b(?:expires|valid_lft|preferred_lft) \S+/g, '')
    .replaceAll(/\bindex \d+ ref \d+ bind \d+/g, '')
    .replaceAll(/ (?:tentative|dadfailed|linkdown|dead)\b/g, '')
    .replaceAll(/ state (?:[A-Z]+|forwarding|disabled|listening|learning|blocking)\b/g, '')
    .replaceAll(/[\s\\]+/g, ' ')
    .trim();
}

function isConfigured(flag: string): boolean {
  return !['LOWER_UP', 'NO-CARRIER', 'DORMANT', 'M-DOWN'].includes(flag);
}

import type { ExecOptions, Shell } from '../engine/engine.js';

/**
 * What a host is set to, one line for each setting: links, addresses, rules, routes, permanent neighbours, packet filters,
 * queues, sysctls of the network. Without what counts, ages or is learned, so that two states can be compared.
 */
export type HostState = ReadonlySet<string>;

/** What a change did to a host. */
export interface HostChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** Sections of what the script prints, by name; a program the agent lacks leaves its section empty. */
const SECTIONS: readonly (readonly [name: string, command: string])[] = [
  ['link', 'ip -details -oneline link show'],
  ['address', 'ip -oneline address show'],
  ['rule', 'ip -4 rule show'],
  ['rule6', 'ip -6 rule show'],
  ['route', 'ip -4 route show table all'],
  ['route6', 'ip -6 route show table all'],
  ['neighbour', 'ip neighbour show nud permanent'],
  ['qdisc', 'tc qdisc show'],
  ['filter', filters()],
  ['nft', 'nft -s list ruleset'],
  ['iptables', legacy('iptables', 'ip_tables_names')],
  ['ip6tables', legacy('ip6tables', 'ip6_tables_names')],
  ['sysctl', "sysctl -a | grep '^net'"],
];

const MARK = '=== ipvlan-doctor host state';

/** Shell that prints the state of the host on standard output, for {@link parseHostState}. */
export const READ_HOST_STATE = SECTIONS.map(
  ([name, command]) => `echo '${MARK} ${name}'; { ${command}; } 2>/dev/null`,
).join('\n');

/** Reads the state of the host in one exec. */
export async function readHostState(shell: Shell, options: Omit<ExecOptions, 'stdin'> = {}): Promise<HostState> {
  const { stdout } = await shell.run(READ_HOST_STATE, { timeoutMs: 30_000, ...options });
  return parseHostState(stdout.toString());
}

/** Pure. */
export function parseHostState(text: string): HostState {
  const [, ...sections] = text.split(`${MARK} `);
  const settings = sections.flatMap((section) => {
    const [name = '', ...lines] = section.split('\n');
    return settingsIn(name, lines).map((setting) => `${name} ${setting}`);
  });
  const seen = new Map<string, number>();
  return new Set(
    settings.map((setting) => {
      const times = (seen.get(setting) ?? 0) + 1;
      seen.set(setting, times);
      // A rule that is there twice is not the same as one that is there once.
      return times === 1 ? setting : `${setting} (${times})`;
    }),
  );
}

export function changeBetween(before: HostState, after: HostState): HostChange {
  return {
    added: [...after].filter((line) => !before.has(line)),
    removed: [...before].filter((line) => !after.has(line)),
  };
}

/**
 * What of a change is there still, as one line for each setting, `+` for what it added.
 *
 * @param target the state before anything was changed, where it is known: what was removed from something that was itself
 *   added later need not come back
 */
export function stillChanged({ added, removed }: HostChange, now: HostState, target?: HostState): readonly string[] {
  return linesOf({
    added: added.filter((line) => now.has(line) && !target?.has(line)),
    removed: removed.filter((line) => !now.has(line) && (target?.has(line) ?? true)),
  });
}

/** A change as one line for each setting, `+` for what it added. */
export function linesOf({ added, removed }: HostChange): readonly string[] {
  return [...added.map((line) => `+ ${line}`), ...removed.map((line) => `- ${line}`)];
}

function settingsIn(name: string, lines: readonly string[]): readonly string[] {
  const kept = lines
    .map((line) => line.trim().replace(/\s+/g, ' '))
    .filter((line) => line !== '' && !line.startsWith('#'));
  const settings = (READERS[name] ?? ((all: readonly string[]) => all.map(CLEANERS[name] ?? same)))(kept);
  return settings.filter((setting) => !VOLATILE.test(setting) && !OF_OTHER_CONTAINERS.test(setting));
}

const READERS: Readonly<Record<string, (lines: readonly string[]) => readonly string[]>> = {
  link: (lines) => lines.map(linkSettings),
  nft: rulesIn,
  iptables: rulesInTables,
  ip6tables: rulesInTables,
};

/** Links and bridges that Docker makes and removes for containers of others, and what is set for them. */
const OF_OTHER_CONTAINERS = /\b(?:veth[0-9a-f]{7}|br-[0-9a-f]{12})\b/;

/** Settings that the kernel changes by itself. */
const VOLATILE = /^net\.netfilter\.nf_conntrack_count |^net\.ipv[46]\.route\.flush /;

const CLEANERS: Readonly<Record<string, (line: string) => string>> = {
  address: (line) => line.replace(/^\d+: /, '').replace(/ (?:tentative|dadfailed|deprecated|valid_lft .*)\b.*$/, ''),
  route6: (line) => line.replace(/ (?:expires|error|hoplimit) \S+/g, ''),
  route: (line) => line.replace(/ (?:linkdown|dead)\b/g, ''),
  qdisc: (line) => line.replace(/ refcnt \d+/, ''),
};

function same(line: string): string {
  return line;
}

/** What of a link is set: its flags without those of the carrier, and what its kind says of modes and numbers. */
function linkSettings(line: string): string {
  const [, name = '', flags = ''] = /^\d+: (\S+): <([^>]*)>/.exec(line) ?? [];
  const carrier = ['LOWER_UP', 'NO-CARRIER', 'M-DOWN'];
  const set = flags.split(',').filter((flag) => !carrier.includes(flag));
  const told = [
    / mtu \d+/,
    / master \S+/,
    / link\/\S+(?: [0-9a-f:]{17}(?= brd))?/,
    / (?:ipvlan|ipvtap) mode \S+ \S+/,
    / macvlan mode \S+/,
    / vlan protocol \S+ id \d+/,
    / prog\/xdp\S* id \d+/,
  ].map((pattern) => pattern.exec(line)?.[0] ?? '');
  return `${name} <${set.join(',')}>${told.join('')}`;
}

/**
 * Each rule with its table and chain: the same rule elsewhere is another one. Tables and chains without rules filter nothing:
 * iptables makes them for its first rule and keeps them. Our own tables are there during a look only.
 */
function rulesIn(lines: readonly string[]): readonly string[] {
  const within: string[] = [];
  return lines.flatMap((line) => {
    if (line.startsWith('}')) within.pop();
    else if (line.endsWith('{')) within.push(line.replace(/ ?\{$/, ''));
    if (
      line.startsWith('}') ||
      line.endsWith('{') ||
      /^type .* policy accept;$/.test(line) ||
      within.some((name) => name.includes(' ipvlan_doctor_'))
    )
      return [];
    return [[...within, line.replace(/ counter packets \d+ bytes \d+/g, ' counter')].join(' / ')];
  });
}

function rulesInTables(lines: readonly string[]): readonly string[] {
  let table = '';
  return lines.flatMap((line) => {
    if (line.startsWith('*')) table = line;
    return /^(?:\*.*|COMMIT|:\S+ (?:ACCEPT|-) .*)$/.test(line) ? [] : [`${table} ${line.replace(/ \[\d+:\d+\]/, '')}`];
  });
}

/** Filters of links that have a place for some; most have none. */
function filters(): string {
  const links = `tc qdisc show | sed -n 's/^qdisc \\(clsact\\|ingress\\) .* dev \\([^ ]*\\) .*/\\2/p'`;
  return `for l in $(${links}); do for way in ingress egress; do tc filter show dev "$l" $way | sed "s/^/$l $way /"; done; done`;
}

/** Asks only where such tables are in use: asking would load the kernel's module. */
function legacy(program: string, names: string): string {
  return `! grep -q . /proc/net/${names} || ${program}-legacy-save`;
}

import type { Missing } from '../evidence/evidence.js';
import type { PerNode, Trace } from '../evidence/facts.js';
import { TAGS_PER_LOOK, type LookRequest, type Outputs } from './look.js';

/**
 * Our own table: it marks the first packet of each of the run's probes, and their answers, for tracing. The kernel removes it with the
 * process that owns it, however that ends, so that it survives nothing.
 *
 * @see https://wiki.nftables.org/wiki-nftables/index.php/Ruleset_debug/tracing
 */
const TABLE = 'inet ipvlan_doctor_trace';

/** Files of the trace within its node's directory. */
const NAME = 'trace';

function isTraced({ traced }: LookRequest, node: string): boolean {
  return traced.includes(node);
}

/** Listens, before anything is marked; by the time the first readings are taken it does. */
export function startMonitor(request: LookRequest, node: string): string[] {
  return isTraced(request, node) ? [`nft monitor trace >${NAME}.out 2>${NAME}.err & M=$!`] : [];
}

/** The named pipes nft is held and heard by, within its node's directory; the script of the look makes and removes them. */
export function tracePipes(request: LookRequest, node: string): readonly string[] {
  return isTraced(request, node) ? [`${NAME}.hold`, `${NAME}.says`] : [];
}

/** Marks packets from here on: returns once nft has said that the table stands, or why not. */
export function startTrace(request: LookRequest, node: string): string[] {
  if (!isTraced(request, node)) return [];
  const standing = `printf '%s\\n' '${table(request)}' 'list table ${TABLE}'`;
  return [
    `exec 8<>${NAME}.hold 9<>${NAME}.says`,
    `{ { ${standing}; read -r _ <&8; } | nft -i; echo ended; } >&9 2>&1 & H=$!`,
    // Its line editor may first complain about the terminal.
    `while read -r said <&9; do echo "$said" >>${NAME}.said; case $said in table*|ended) break ;; esac; done`,
  ];
}

/** Lets the table go, so that readings of the packet filter never show it. */
export function stopTrace(request: LookRequest, node: string): string[] {
  return isTraced(request, node) ? ['echo >&8; wait $H; exec 8>&- 9>&-', 'kill $M 2>/dev/null; wait $M'] : [];
}

function table({ firstTag }: LookRequest): string {
  const tags = `${firstTag}-${firstTag + TAGS_PER_LOOK - 1}`;
  const marks = [
    `icmp id ${tags} icmp sequence 1`,
    `icmpv6 id ${tags} icmpv6 sequence 1`,
    ...['sport', 'dport'].map((port) => `tcp ${port} ${tags} tcp flags syn`),
    ...['sport', 'dport'].map((port) => `udp ${port} ${tags}`),
  ].map((match) => `${match} meta nftrace set 1;`);
  const chain = (hook: string) => `chain ${hook} { type filter hook ${hook} priority -400; ${marks.join(' ')} };`;
  return `add table ${TABLE} { flags owner; ${chain('output')} ${chain('prerouting')} }`;
}

/** What became of marked packets in the host's packet filter. */
export function tracesOf(
  request: LookRequest,
  outputs: Outputs,
): { readonly traces: PerNode<readonly Trace[]>; readonly missing: readonly Missing[] } {
  const traces: Record<string, readonly Trace[]> = {};
  const missing: Missing[] = [];
  request.nodes.forEach(({ name }, index) => {
    if (!isTraced(request, name)) return;
    const said = outputs.file(index, `${NAME}.said`)?.toString().trim() ?? '';
    const events = outputs.file(index, `${NAME}.out`)?.toString();
    if (/^table/m.test(said) && events !== undefined) traces[name] = parseTraces(events);
    else missing.push({ fact: 'traces', node: name, reason: said || outputs.whyNot(index) || 'nft said nothing' });
  });
  return { traces, missing };
}

/** What `nft monitor trace` prints: for each packet the chains it crosses, each with the rule or policy that decided. */
export function parseTraces(events: string): readonly Trace[] {
  const byPacket = new Map<string, string[]>();
  for (const line of events.split('\n')) {
    const [, id, rest] = /^trace id (\w+) (.+)$/.exec(line.trim()) ?? [];
    if (id !== undefined && rest !== undefined) byPacket.set(id, [...(byPacket.get(id) ?? []), rest]);
  }
  return [...byPacket.values()].flatMap((lines) => parseTrace(lines) ?? []);
}

function parseTrace(lines: readonly string[]): Trace | undefined {
  const packet = lines.find((line) => / packet: /.test(line)) ?? '';
  const word = (name: string) => new RegExp(`\\b${name} (\\S+)`).exec(packet)?.[1];
  const tags = [word('icmp id') ?? word('icmpv6 id') ?? word('sport'), word('dport')];
  const [source, destination] = [word('ip6? saddr'), word('ip6? daddr')];
  if (source === undefined || destination === undefined) return undefined;
  const last = lines.findLast((line) => /\(verdict (?:drop|reject)|policy drop/.test(line));
  return {
    tags: tags.flatMap((tag) => (tag !== undefined && /^\d+$/.test(tag) ? [Number(tag)] : [])),
    source,
    destination,
    dropped: last === undefined ? undefined : parseDrop(last),
  };
}

function parseDrop(line: string): Trace['dropped'] {
  const [, family = '', table = '', chain = '', rule] =
    /^(\S+) (\S+) (\S+) (?:rule (.*) \(verdict .*\)|policy drop)/.exec(line) ?? [];
  return { family, table, chain, rule: rule?.replace(/ counter packets \d+ bytes \d+/, ' counter') };
}

import { familyOf } from '../../ip.js';
import { transportOf, type CheckPlan } from '../../scenario/plan.js';
import { destinationOf, isToMany } from '../../scenario/to-many.js';
import { DNS_PORT } from '../flows/dns.js';
import { tagOf } from '../flows/flow-probes.js';
import type { LookRequest } from '../look-request.js';
import { portOf } from '../flows/tcp.js';

/** What the names of our own tables begin with: the table of another look is not part of the host's packet filter. */
export const TRACE_TABLES = 'ipvlan_doctor_trace';

/** Name of a run's own table. */
export function traceTable(run: string): string {
  return `${TRACE_TABLES}_${run.replaceAll(/\W/g, '_')}`;
}

/** The table as nft names it. */
export function tableOf({ traceTable: name = TRACE_TABLES }: LookRequest): string {
  return `inet ${name}`;
}

/**
 * Shell that removes a run's table where the kernel still has it. It has one only after a look that was killed, and only on
 * a kernel that cannot tie a table to a process.
 */
export function removeTable(name: string): string {
  const table = `inet ${name}`;
  return `! nft list table ${table} >/dev/null 2>&1 || nft delete table ${table}`;
}

/**
 * Exists as long as a look uses its tags: the kernel gives it to one look alone, from any program. It goes as our own
 * table goes.
 */
export function tagsTable({ firstTag }: LookRequest): string {
  return `inet ${TRACE_TABLES}_tags_${firstTag}`;
}

/** What the kernel may lack (before Linux 5.13). */
export const OWNER_FLAG = 'flags owner;';

/**
 * Our own table: it marks the first packet of each probe, and its reply, for tracing. A packet is a probe's when the address
 * it was sent to, its identifier and both ports are the probe's; the sender's address may be translated on the path. The kernel
 * removes the table with the process that owns it, however that ends.
 *
 * @see https://wiki.nftables.org/wiki-nftables/index.php/Ruleset_debug/tracing
 */
export function traceRules(request: LookRequest): string {
  const marks = request.probes.flatMap(({ check }, index) => markOf(check, tagOf(request, index)) ?? []);
  const rules = KINDS.flatMap(({ name, request: sent, reply, first }) => {
    const ours = marks.filter((mark) => mark.kind === name);
    if (ours.length === 0) return [];
    const set = (keys: readonly string[]) => `{ ${[...new Set(keys)].join(', ')} }`;
    return [
      `${sent} ${set(ours.map((mark) => mark.request))} ${first} meta nftrace set 1`,
      `${reply} ${set(ours.map((mark) => mark.reply))} ${first} meta nftrace set 1`,
    ];
  });
  const hook = (name: string) => `  chain ${name} {\n    type filter hook ${name} priority -400\n    jump ours\n  }`;
  const ours = `  chain ours {\n${rules.map((rule) => `    ${rule}\n`).join('')}  }`;
  const claim = `create table ${tagsTable(request)} { ${OWNER_FLAG} }\n`;
  return `${claim}table ${tableOf(request)} {\n  ${OWNER_FLAG}\n${ours}\n${hook('output')}\n${hook('prerouting')}\n}\n`;
}

/** How packets of one kind are recognized: by what their request and their reply are matched, and what only the first has. */
interface Kind {
  readonly name: string;
  readonly request: string;
  readonly reply: string;
  readonly first: string;
}

const KINDS: readonly Kind[] = ([4, 6] as const).flatMap((family) => {
  const [ip, icmp] = family === 6 ? ['ip6', 'icmpv6'] : ['ip', 'icmp'];
  const ports = (protocol: string, first: string): Kind => ({
    name: `${protocol}${family}`,
    request: `${ip} daddr . ${protocol} sport . ${protocol} dport`,
    reply: `${ip} saddr . ${protocol} dport . ${protocol} sport`,
    first,
  });
  const echo: Kind = {
    name: `icmp${family}`,
    request: `${ip} daddr . ${icmp} id`,
    reply: `${ip} saddr . ${icmp} id`,
    first: `${icmp} sequence 1`,
  };
  return [echo, ports('tcp', 'tcp flags syn'), ports('udp', '')];
});

interface Mark {
  readonly kind: string;
  readonly request: string;
  readonly reply: string;
}

/** @returns `undefined` for a probe whose packets carry no tag */
function markOf(check: CheckPlan, tag: number | undefined): Mark | undefined {
  const { over, to } = check;
  const family = familyOf(to.address);
  if (tag === undefined || family === undefined) return undefined;
  const kind = `${isToMany(over) ? 'udp' : transportOf(over)}${family}`;
  const port = over.protocol === 'dns' ? DNS_PORT : portOf(over);
  const key = (address: string) => [address, tag, ...(kind.startsWith('icmp') ? [] : [port])].join(' . ');
  return { kind, request: key(destinationOf(check)), reply: key(to.address) };
}

import type { Shell } from '../engine/engine.js';
import { commandLine, quote } from '../shell.js';
import type { LiveNode } from './node.js';
import { parseState, UNREAD, type NodeState } from './state-lines.js';

/** A node, and how to get into its namespaces. */
export type Readable = Pick<LiveNode, 'name' | 'kind' | 'enter'>;

/**
 * Links, addresses, all route tables, rules, permanent neighbours, next hops and IPsec policies in one program. The kernel may lack some of
 * these, so that one that fails stops no other.
 */
const IP =
  "printf '%s\\n' 'link show' 'address show' 'route show table all' 'rule show' 'neighbour show nud permanent' 'neighbour show proxy' 'nexthop show' 'xfrm policy show' | ip -oneline -details -force -batch - 2>/dev/null";

/** A handle of zero is a default of the kernel's, which has no filters. */
const TC = `q=$(tc qdisc show 2>/dev/null) || echo '${UNREAD}'
printf '%s\\n' "$q"
printf '%s\\n' "$q" | while read -r _ kind handle _ device _; do
  case $kind:$handle in *:0:|:*) continue ;; clsact:*|ingress:*) ways='ingress egress' ;; *) ways=root ;; esac
  for way in $ways; do tc filter show dev "$device" $way 2>/dev/null | while read -r line; do echo "filter $device $way $line"; done; done
done`;

/** Asking iptables-legacy would load its modules: the kernel names the tables that are in use, and only then it is asked. */
function legacy(program: string): string {
  return `if read -r _ </proc/net/${program}_tables_names; then ${program}tables-legacy-save || echo '${UNREAD}'; fi 2>/dev/null`;
}

/** What is read of a node, by section. Each program costs an emulated machine some 30 ms. */
const READINGS: Readonly<Record<string, string>> = {
  ip: IP,
  rules6: `ip -6 rule show 2>/dev/null || echo '${UNREAD}'`,
  nftables: `nft --stateless list ruleset 2>/dev/null || echo '${UNREAD}'`,
  legacy: legacy('ip'),
  legacy6: legacy('ip6'),
  sysctls: "grep -rsH '' /proc/sys/net",
  tc: TC,
};

/** The switch alone has VLANs on its ports, and fixed entries in its table of MAC addresses. */
const BRIDGE = "printf 'vlan show\\nfdb show\\n' | bridge -oneline -force -batch - 2>/dev/null";

/**
 * Reads what commands may have changed on some nodes: links, addresses, routes, rules, packet filters, traffic control and the
 * sysctls of the network. One exec, in which what counts packets or seconds is left out.
 *
 * @returns by the node's name; a section of a node that could not be read is absent
 */
export async function readState(shell: Shell, nodes: readonly Readable[]): Promise<ReadonlyMap<string, NodeState>> {
  const { stdout } = await shell.run(stateScript(nodes), { timeoutMs: PATIENCE_MS });
  return parseState(
    stdout.toString(),
    nodes.map(({ name }) => name),
  );
}

/** Emulated machines are slow. */
const PATIENCE_MS = 60_000;

/** The script that prints the state of some nodes, for {@link parseState}. */
export function stateScript(nodes: readonly Readable[]): string {
  return nodes.map(nodeScript).join('\n');
}

function nodeScript({ kind, enter }: Readable, index: number): string {
  const readings = Object.entries(kind === 'switch' ? { ...READINGS, bridge: BRIDGE } : READINGS);
  const sections = readings.map(([section, command]) => `echo '== ${index} ${section}'\n${command}`);
  return `${commandLine([...enter, 'sh', '-c'])} ${quote(sections.join('\n'))}`;
}

import type { Shell } from '../engine/engine.js';
import { familyOf } from '../ip.js';
import type { Plan } from '../scenario/plan.js';
import type { LiveNode } from './node.js';
import { commandLine, quote } from '../shell.js';

/**
 * Deletes what earlier probes left in the network: neighbour entries, redirects, and the NAT entries of the gateway. A failed
 * neighbour entry or a redirect would otherwise change the result of the next look. On the host only entries of the scenario's
 * own interface and subnets are deleted.
 */
export async function settle(plan: Plan, shell: Shell, nodes: readonly LiveNode[]): Promise<void> {
  const ours = nodes.filter(({ kind }) => kind !== 'host').map(flushAll);
  const subnets = plan.networks.flatMap((network) => network.subnets.map(({ subnet }) => subnet));
  const host = [
    `ip neigh flush dev ${quote(plan.site.host.interface)}`,
    ...subnets.map((subnet) => `conntrack -D -f ipv${familyOf(subnet) ?? 4} -s ${subnet}`),
  ].map((command) => `${command} >/dev/null 2>&1`);
  await shell.run([...ours, ...host, 'wait'].join('\n'));
}

/**
 * Deletes failed neighbour entries (unanswered ARP). The kernel gives up as late as three seconds after its first
 * request, and drops the packets that wait for the entry: pings sent right after a remedy would be lost because of the state
 * before it. Seen with `scenarios/moby-l2-multi-subnet.yaml` in the bookworm lab: "Destination Host
 * Unreachable" for the first of five pings, and four answers. Entries of neighbours that answered stay.
 *
 * @param device the host's interface on the site: other interfaces are not touched
 */
export async function flushUnanswered(shell: Shell, nodes: readonly LiveNode[], device: string): Promise<void> {
  const flush = (enter: readonly string[], ...where: readonly string[]) =>
    `${commandLine([...enter, 'ip', 'neigh', 'flush', ...where, 'nud', 'incomplete', 'nud', 'failed'])} >/dev/null 2>&1 &`;
  const all = nodes.map(({ kind, enter }) => (kind === 'host' ? flush(enter, 'dev', device) : flush(enter)));
  await shell.run([...all, 'wait'].join('\n'));
}

/** One program where one will do: each costs a disposable host some 30 ms. */
function flushAll({ enter, kind }: LiveNode): string {
  const routes = `printf 'neigh flush all\\nroute flush cache\\n' | ${commandLine([...enter, 'ip', '-batch', '-'])}`;
  const tracked = kind === 'gateway' ? `; ${commandLine([...enter, 'conntrack', '-F'])}` : '';
  return `{ ${routes}${tracked}; } >/dev/null 2>&1 &`;
}

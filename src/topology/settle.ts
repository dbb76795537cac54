import type { Shell } from '../engine/engine.js';
import { familyOf } from '../ip.js';
import type { Plan } from '../scenario/plan.js';
import type { LiveNode } from './node.js';
import { commandLine, quote } from '../shell.js';

/**
 * Makes the network forget what earlier probes taught it: neighbours, redirects, and on the gateway what NAT remembers. A
 * failed neighbour or a learned redirect would otherwise answer for the next look. On the host only what concerns the
 * scenario's own interface and subnets is forgotten.
 */
export async function settle(plan: Plan, shell: Shell, nodes: readonly LiveNode[]): Promise<void> {
  const ours = nodes.filter(({ kind }) => kind !== 'host').map(forget);
  const subnets = plan.networks.flatMap((network) => network.subnets.map(({ subnet }) => subnet));
  const host = [
    `ip neigh flush dev ${quote(plan.site.host.interface)}`,
    ...subnets.map((subnet) => `conntrack -D -f ipv${familyOf(subnet) ?? 4} -s ${subnet}`),
  ].map((command) => `${command} >/dev/null 2>&1`);
  await shell.run([...ours, ...host, 'wait'].join('\n'));
}

/**
 * Makes the network forget neighbours that were asked for in vain. The kernel gives one up as late as three seconds after the
 * first of its requests, and takes along the packets that wait for it: of pings sent right after a remedy some would be lost
 * to what was there before. Seen with `scenarios/moby-l2-multi-subnet.yaml` in the bookworm lab: "Destination Host
 * Unreachable" for the first of five pings, and four answers. Whoever answered stays known.
 *
 * @param device the host's own interface of the site: what else it has is not ours
 */
export async function forgetUnanswered(shell: Shell, nodes: readonly LiveNode[], device: string): Promise<void> {
  const flush = (enter: readonly string[], ...where: readonly string[]) =>
    `${commandLine([...enter, 'ip', 'neigh', 'flush', ...where, 'nud', 'incomplete', 'nud', 'failed'])} >/dev/null 2>&1 &`;
  const all = nodes.map(({ kind, enter }) => (kind === 'host' ? flush(enter, 'dev', device) : flush(enter)));
  await shell.run([...all, 'wait'].join('\n'));
}

/** One program where one will do: each costs a disposable host some 30 ms. */
function forget({ enter, kind }: LiveNode): string {
  const routes = `printf 'neigh flush all\\nroute flush cache\\n' | ${commandLine([...enter, 'ip', '-batch', '-'])}`;
  const tracked = kind === 'gateway' ? `; ${commandLine([...enter, 'conntrack', '-F'])}` : '';
  return `{ ${routes}${tracked}; } >/dev/null 2>&1 &`;
}

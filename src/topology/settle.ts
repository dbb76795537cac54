import type { Shell } from '../engine/engine.js';
import { familyOf } from '../ip.js';
import type { Plan } from '../scenario/plan.js';
import type { LiveNode } from './node.js';
import { commandLine, quote } from './shell.js';

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

/** One program where one will do: each costs a disposable host some 30 ms. */
function forget({ enter, kind }: LiveNode): string {
  const routes = `printf 'neigh flush all\\nroute flush cache\\n' | ${commandLine([...enter, 'ip', '-batch', '-'])}`;
  const tracked = kind === 'gateway' ? `; ${commandLine([...enter, 'conntrack', '-F'])}` : '';
  return `{ ${routes}${tracked}; } >/dev/null 2>&1 &`;
}

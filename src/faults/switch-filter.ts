import { bare, familyOf } from '../ip.js';
import type { Plan } from '../scenario/plan.js';
import type { NodeCommand } from '../topology/execute.js';
import { hostPorts } from '../topology/site-names.js';
import { step } from './fault.js';

/** Frames the host sends, as a rule on the switch begins. */
export function fromHost(plan: Plan): string {
  return `iifname ${hostPortsOf(plan)}`;
}

/** Frames that are sent to the host, as a rule on the switch begins. */
export function toHost(plan: Plan): string {
  return `oifname ${hostPortsOf(plan)}`;
}

function hostPortsOf({ site }: Plan): string {
  const ports = hostPorts(site).map((port) => `"${port}"`);
  return ports.length === 1 ? ports.join() : `{ ${ports.join(', ')} }`;
}

/** Matches frames for one machine, not for all. */
export const UNICAST = 'ether daddr & 01:00:00:00:00:00 == 00:00:00:00:00:00';

/** The MAC address of the host, within a rule. */
export const HOST_MAC = '$mac';

/**
 * What hardware or a hypervisor would do at the host's port, done by the switch. Its namespace is entered by the agent, so
 * that /sys still shows the host's links, and with them the MAC address, which no plan contains.
 */
export function switchFilter({ site }: Plan, name: string, rules: readonly string[]): NodeCommand {
  const table = `bridge ${name.replaceAll('-', '_')}`;
  const chain = `add table ${table}; add chain ${table} port { type filter hook forward priority filter; }`;
  const commands = [chain, ...rules.map((rule) => `add rule ${table} port ${rule}`)].join('; ');
  const mac = `mac=$(cat /sys/class/net/${site.host.interface}/address)`;
  return step('switch', `${mac} && nft "${commands.replaceAll('"', '\\"')}"`, `nft delete table ${table}`);
}

/** Drops IP packets the host's port sends or gets under any other address than the host's own. */
export function onlyHostsAddresses(plan: Plan): readonly string[] {
  const { site } = plan;
  return ([4, 6] as const).flatMap((family) => {
    const own = site.host.addresses.map(bare).filter((address) => familyOf(address) === family);
    if (own.length === 0) return [];
    const word = family === 4 ? 'ip' : 'ip6';
    // Neighbour discovery is what ARP is: not what is filtered here.
    const set = `{ ${[...own, ...(family === 6 ? ['fe80::/10', 'ff00::/8'] : [])].join(', ')} }`;
    return [`${fromHost(plan)} ${word} saddr != ${set} drop`, `${toHost(plan)} ${word} daddr != ${set} drop`];
  });
}

import { bare, familyOf } from '../ip.js';
import type { Plan } from '../scenario/plan.js';
import type { NodeCommand } from '../topology/execute.js';
import { step } from './fault.js';

/** Frames the host sends, and frames that are sent to it, as rules on the switch begin. */
export const FROM_HOST = 'iifname "p-host"';
export const TO_HOST = 'oifname "p-host"';

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
export function onlyHostsAddresses({ site }: Plan): readonly string[] {
  return ([4, 6] as const).flatMap((family) => {
    const own = site.host.addresses.map(bare).filter((address) => familyOf(address) === family);
    if (own.length === 0) return [];
    const word = family === 4 ? 'ip' : 'ip6';
    // Neighbour discovery is what ARP is: not what is filtered here.
    const set = `{ ${[...own, ...(family === 6 ? ['fe80::/10', 'ff00::/8'] : [])].join(', ')} }`;
    return [`${FROM_HOST} ${word} saddr != ${set} drop`, `${TO_HOST} ${word} daddr != ${set} drop`];
  });
}

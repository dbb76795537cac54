import { bare, familyOf } from '../ip.js';
import type { BondMode } from '../scenario/parent.js';
import type { SitePlan, VlanPlan } from '../scenario/plan.js';
import { quote } from '../shell.js';
import { bondCommands, parentCommands, waitForParent } from './site-parent.js';
import { hostWires, isBundled, switchPorts } from './site-names.js';

/** The segment between gateway and internet. */
export const UPLINK = {
  gateway: ['203.0.113.2/24', '2001:db8:113::2/64'],
  internet: ['203.0.113.1/24', '2001:db8:113::1/64'],
} as const;

/** The gateway's own default routes, as arguments of `ip`. */
export const UPLINK_DEFAULTS = UPLINK.internet.map((address) => `route replace default via ${bare(address)} dev wan0`);

/** Commands that give the uplink back the IPv6 addresses the kernel takes away when a link is set down. */
export const UPLINK_ADDRESSES = sixAgain(UPLINK.gateway, 'wan0');

/** Commands that give a link back its IPv6 addresses: unlike IPv4 ones they are lost when it is set down. */
export function sixAgain(addresses: readonly string[], device: string): readonly string[] {
  return addresses
    .filter((address) => familyOf(address) === 6)
    .map((address) => `ip addr replace ${address} dev ${device} nodad`);
}

export function switchCommands(site: SitePlan): string[] {
  const { parent } = site.host;
  return [
    'link add br0 type bridge',
    'link set br0 up',
    'link set lo up',
    // Without "netns" the far ends stay in the switch: the host's are moved out by {@link hostLink}.
    ...hostWires(site).map(({ leg, end }) => `link add ${end} type veth peer name ${leg}`),
    ...(parent?.kind === 'bond' && isBundled(parent) ? bundle(site, parent.mode) : []),
    ...switchPorts(site).flatMap(({ node, device }) => [
      ...(node === 'host' ? [] : [`link add ${device} type veth peer name ${farEnd(node)}`]),
      `link set ${device} master br0 up`,
    ]),
  ];
}

/** The switch's ports to the legs of the host's bond, as one port. */
function bundle(site: SitePlan, mode: BondMode): readonly string[] {
  const ends = hostWires(site).map(({ end }) => end);
  return bondCommands('p-host', mode, ends);
}

/** The far end of a node's port. */
function farEnd(node: string): string {
  return node === 'gateway' ? 'lan0 netns gateway' : `eth0 netns ${node}`;
}

export function gatewayCommands(site: SitePlan): string[] {
  return [
    'link set lo up',
    'link add wan0 type veth peer name eth0 netns internet',
    ...[...site.gateway.addresses].map((address) => addAddress(address, 'lan0')),
    ...UPLINK.gateway.map((address) => addAddress(address, 'wan0')),
    'link set lan0 up',
    'link set wan0 up',
    ...site.vlans.flatMap(gatewayVlan),
    ...UPLINK_DEFAULTS,
    ...site.gateway.routes.map(({ to, via }) => `route add ${to} via ${via}`),
  ];
}

function gatewayVlan(vlan: VlanPlan): string[] {
  const device = `lan0.${vlan.id}`;
  return [
    `link add link lan0 name ${device} type vlan id ${vlan.id}`,
    ...vlan.gateways.map((address) => addAddress(address, device)),
    `link set ${device} up`,
  ];
}

export function peerCommands(site: SitePlan, addresses: readonly string[]): string[] {
  return [
    'link set lo up',
    ...addresses.map((address) => addAddress(address, 'eth0')),
    'link set eth0 up',
    ...gatewaysFor(site, addresses).map((via) => `route add default via ${via}`),
  ];
}

/** The internet has no route to private addresses, like the real one. */
export function internetCommands(site: SitePlan, containerSubnets: readonly string[]): string[] {
  const routed = [...site.lan, ...site.vlans.flatMap(({ subnets }) => subnets), ...containerSubnets];
  return [
    'link set lo up',
    ...UPLINK.internet.map((address) => addAddress(address, 'eth0')),
    ...site.internet.addresses.map((address) => addAddress(`${address}/${familyOf(address) === 6 ? 128 : 32}`, 'lo')),
    'link set eth0 up',
    ...[...new Set(routed)]
      .filter((subnet) => familyOf(subnet) === 6)
      .map((subnet) => `route add ${subnet} via ${bare(UPLINK.gateway[1])}`),
  ];
}

export function hostLink(site: SitePlan): string {
  const name = site.host.interface;
  // The id of our own process names the namespace that the agent runs in: the host's.
  return [
    ...hostWires(site).map(({ leg }) => `ip -n switch link set ${quote(leg)} netns $$`),
    "ip -batch - <<'END'",
    ...parentCommands(site),
    ...site.host.addresses.map((address) => addAddress(address, name)),
    `link set ${name} up`,
    'END',
    ...waitForParent(site),
  ].join('\n');
}

/** The gateway's addresses in the families a node has addresses of. */
export function gatewaysFor(site: SitePlan, addresses: readonly string[]): string[] {
  const families = new Set(addresses.map(familyOf));
  return site.gateway.addresses.map(bare).filter((gateway) => families.has(familyOf(gateway)));
}

/** Duplicate address detection would keep an IPv6 address unusable for a second. */
function addAddress(address: string, device: string): string {
  return `addr add ${address} dev ${device}${familyOf(address) === 6 ? ' nodad' : ''}`;
}

export function batch(node: string, commands: readonly string[]): string {
  return [`ip -n ${quote(node)} -batch - <<'END'`, ...commands, 'END'].join('\n');
}

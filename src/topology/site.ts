import { bare, familyOf } from '../ip.js';
import type { Listen, SitePlan, VlanPlan } from '../scenario/plan.js';
import { commandLine, quote } from '../shell.js';

/** Where the agent keeps the site's network namespaces. They die with the agent container. */
export const NETNS_DIRECTORY = '/run/netns';

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

/** Names of the site's nodes, the switch included. */
export function siteNodes(site: SitePlan): readonly string[] {
  return ['switch', 'gateway', 'internet', ...site.peers.map(({ name }) => name)];
}

/**
 * The script that builds the simulated physical network out of namespaces: a switch (bridge `br0` with a port `p-NODE` for
 * each node), the gateway (`lan0`, `wan0`, NAT in the nftables table `ip site_nat`), peers and internet (`eth0`), and the
 * host's own interface, which is the far end of `p-host`. It stops at the first step that fails.
 *
 * @param site a settled site
 * @param containerSubnets IPv6 subnets behind the host: the internet knows the way back to them, for nobody masquerades IPv6
 */
export function siteScript(site: SitePlan, containerSubnets: readonly string[]): string {
  const nodes = siteNodes(site);
  return [
    'set -e',
    ...nodes.map((node) => `ip netns add ${quote(node)}`),
    batch('switch', switchCommands(site)),
    batch('gateway', gatewayCommands(site)),
    ...site.peers.map(({ name, addresses }) => batch(name, peerCommands(site, addresses))),
    batch('internet', internetCommands(site, containerSubnets)),
    hostLink(site),
    forwarding(),
    nat(site),
    services(site),
  ].join('\n');
}

/**
 * Removes what {@link siteScript} made. Links inside the namespaces go with them, and so does the host's interface. Sets the
 * shell variable `failed` where that is still there.
 */
export function removeSiteScript(site: SitePlan): string {
  const kill = `for n in ${siteNodes(site).map(quote).join(' ')}; do ip netns pids "$n" 2>/dev/null | xargs -r kill -9 2>/dev/null`;
  const device = quote(site.host.interface);
  return [
    `${kill}; ip netns del "$n" 2>/dev/null; done; ip link del ${device} 2>/dev/null`,
    `if ip link show dev ${device} >/dev/null 2>&1; then echo the interface ${device} is still there >&2; failed=1; fi`,
  ].join('\n');
}

function switchCommands(site: SitePlan): string[] {
  const ports = [
    ['host', site.host.interface, undefined],
    ['gateway', 'lan0', 'gateway'],
    ...site.peers.map(({ name }) => [name, 'eth0', name] as const),
  ] as const;
  return [
    'link add br0 type bridge',
    'link set br0 up',
    'link set lo up',
    ...ports.flatMap(([node, device, namespace]) => [
      // Without "netns" the far end would stay in the switch; the host's end is moved out by its process below.
      `link add p-${node} type veth peer name ${device}${namespace ? ` netns ${namespace}` : ''}`,
      `link set p-${node} master br0 up`,
    ]),
  ];
}

function gatewayCommands(site: SitePlan): string[] {
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

function peerCommands(site: SitePlan, addresses: readonly string[]): string[] {
  return [
    'link set lo up',
    ...addresses.map((address) => addAddress(address, 'eth0')),
    'link set eth0 up',
    ...gatewaysFor(site, addresses).map((via) => `route add default via ${via}`),
  ];
}

/** The internet has no way back to private addresses, as the real one has not. */
function internetCommands(site: SitePlan, containerSubnets: readonly string[]): string[] {
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

function hostLink(site: SitePlan): string {
  const name = site.host.interface;
  const device = quote(name);
  // A process of ours stands for "the namespace the agent runs in": the host's.
  return [
    `ip -n switch link set ${device} netns $$`,
    "ip -batch - <<'END'",
    ...site.host.addresses.map((address) => addAddress(address, name)),
    `link set ${name} up`,
    'END',
  ].join('\n');
}

/** Sysctls are per namespace. Redirects stay on, as on any router; reverse path filtering is a fault's business. */
function forwarding(): string {
  const settings =
    'net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.lan0.rp_filter=0 net.ipv4.conf.wan0.rp_filter=0';
  return `nsenter --net=${NETNS_DIRECTORY}/gateway sysctl -q -w ${settings}`;
}

function nat(site: SitePlan): string {
  const sources = site.gateway.masquerades.filter((subnet) => familyOf(subnet) === 4);
  return [
    `nsenter --net=${NETNS_DIRECTORY}/gateway nft -f - <<'END'`,
    'table ip site_nat {',
    `  set sources { type ipv4_addr; flags interval; ${sources.length > 0 ? `elements = { ${sources.join(', ')} };` : ''} }`,
    '  chain postrouting {',
    '    type nat hook postrouting priority srcnat; policy accept;',
    '    ip saddr @sources oifname "wan0" masquerade',
    '  }',
    '}',
    'END',
  ].join('\n');
}

/** Answers one HTTP request: reads to the blank line first, for closing on unread input would reset the connection. */
const HTTP_ANSWER = String.raw`#!/bin/sh
while read -r line && [ "$line" != "$(printf '\r')" ]; do :; done
printf 'HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n'`;

/** DNS on the gateway (a forwarder) and the internet (the authority), TCP 80 and 443 on the internet. */
function services(site: SitePlan): string {
  const names = Object.entries(site.internet.names).flatMap(([name, addresses]) =>
    addresses.map((address) => `--address=/${name}/${address}`),
  );
  const dns =
    'dnsmasq --conf-file=/dev/null --no-resolv --no-hosts --pid-file= --user=root --log-facility=/dev/null --bind-dynamic --keep-in-foreground';
  const [first] = site.internet.addresses;
  const upstream = site.internet.addresses.find((address) => familyOf(address) === 4) ?? first;
  return [
    `cat > ${HTTP_PROGRAM} <<'END'\n${HTTP_ANSWER}\nEND\nchmod +x ${HTTP_PROGRAM}`,
    inBackground('internet', `${dns} ${names.map(quote).join(' ')}`),
    inBackground('gateway', `${dns} ${upstream ? `--server=${upstream}` : ''}`),
    ...[80, 443].map((port) => inBackground('internet', listener({ protocol: 'tcp', port }, `EXEC:${HTTP_PROGRAM}`))),
  ].join('\n');
}

const HTTP_PROGRAM = '/run/ipvlan-doctor-http';

/** A server on every address of both families, one process per client. It echoes unless given something better to do. */
export function listener({ protocol, port }: Listen, answer = 'PIPE'): string {
  const kind = protocol === 'tcp' ? 'TCP6-LISTEN' : 'UDP6-RECVFROM';
  return `socat ${kind}:${port},ipv6only=0,reuseaddr,fork ${answer}`;
}

/** A service in a site node's namespace that outlives the script and dies with the agent. */
function inBackground(node: string, command: string): string {
  return background(['nsenter', `--net=${NETNS_DIRECTORY}/${node}`], command);
}

/** A service in the namespace `enter` leads to, which outlives the script and dies with the agent. */
export function background(enter: readonly string[], command: string): string {
  return `${commandLine([...enter, 'setsid'])} ${command} </dev/null >/dev/null 2>&1 &`;
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

function batch(node: string, commands: readonly string[]): string {
  return [`ip -n ${quote(node)} -batch - <<'END'`, ...commands, 'END'].join('\n');
}

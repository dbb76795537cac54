import { familyOf } from '../ip.js';
import type { Listen, SitePlan } from '../scenario/plan.js';
import { commandLine, quote } from '../shell.js';
import { NETNS_DIRECTORY } from './site-names.js';

/** Sysctls are per namespace. Redirects stay on, as on any router; reverse path filtering is a fault's business. */
export function forwarding(): string {
  const settings =
    'net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.lan0.rp_filter=0 net.ipv4.conf.wan0.rp_filter=0';
  return `nsenter --net=${NETNS_DIRECTORY}/gateway sysctl -q -w ${settings}`;
}

export function nat(site: SitePlan): string {
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

/** Answers one HTTP request: reads to the blank line first, because closing with unread input would reset the connection. */
const HTTP_ANSWER = String.raw`#!/bin/sh
while read -r line && [ "$line" != "$(printf '\r')" ]; do :; done
printf 'HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n'`;

/** DNS on the gateway (a forwarder) and the internet (the authority), TCP 80 and 443 on the internet. */
export function services(site: SitePlan): string {
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

/** A server of a container's: on every address of both families, or in a multicast group on each of its links. */
export function containerListener({ group, ...listen }: Listen, devices: readonly string[]): string {
  return group === undefined ? listener(listen) : groupListener({ ...listen, group }, devices);
}

/** Joins a group on some links and echoes, to the sender alone. */
function groupListener({ group, port }: Listen & { readonly group: string }, devices: readonly string[]): string {
  const six = familyOf(group) === 6;
  const joins = devices.map((device) =>
    six ? `ipv6-add-membership=[${group}]:${device}` : `ip-add-membership=${group}:${device}`,
  );
  const socket = six ? `UDP6-RECVFROM:${port},ipv6only=1` : `UDP4-RECVFROM:${port}`;
  return `socat ${quote([socket, 'reuseaddr', 'fork', ...joins].join(','))} PIPE`;
}

/** A server on every address of both families, one process per client. It echoes by default. */
export function listener({ protocol, port }: Listen, answer = 'PIPE'): string {
  const kind = protocol === 'tcp' ? 'TCP6-LISTEN' : 'UDP6-RECVFROM';
  return `socat ${kind}:${port},ipv6only=0,reuseaddr,fork ${answer}`;
}

/** A service in the namespace of a site node. It outlives the script and ends with the agent. */
function inBackground(node: string, command: string): string {
  return background(['nsenter', `--net=${NETNS_DIRECTORY}/${node}`], command);
}

/** A service in the namespace that `enter` enters. It outlives the script and ends with the agent. */
export function background(enter: readonly string[], command: string): string {
  return `${commandLine([...enter, 'setsid'])} ${command} </dev/null >/dev/null 2>&1 &`;
}

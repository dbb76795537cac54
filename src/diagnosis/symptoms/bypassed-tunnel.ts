import { familyOf, prefixLength } from '../../ip.js';
import type { NextHop } from '../../network/fib.js';
import type { NetworkState } from '../../network/network-state.js';
import type { Flow } from '../flow.js';
import type { Tunnel } from '../observations/host.js';

/** The tunnel a flow bypasses: what the host itself would use, where the container's packets have another route. IPv4 only. */
export function bypassedTunnel(
  network: NetworkState,
  { to, containerAddress, network: own }: Flow,
): Tunnel | undefined {
  const { routing, names } = network;
  const outDevice = own?.parent ?? '';
  const pinned = routing.pinned(names.hostName, { destination: to.address, source: containerAddress, outDevice });
  const free = routing.lookup(names.hostName, { destination: to.address });
  if (familyOf(to.address) !== 4 || pinned?.kind !== 'via' || !free || !('device' in free)) return undefined;
  return free.device === outDevice ? undefined : tunnelBehind(network, free);
}

/** How the host's own traffic is led into a tunnel, if it is one that a route leads to. */
function tunnelBehind(
  { routing, links, names }: NetworkState,
  { device, route: { table, destination } }: Extract<NextHop, { readonly device: string }>,
): Tunnel | undefined {
  const host = names.hostName;
  const rule = routing.rules(host)?.find((one) => one.table === table && (one.inverted || one.mark !== undefined));
  if (rule) return { device, how: { kind: 'policy-rule', priority: rule.priority, table } };
  if (prefixLength(destination) === 1) return { device, how: { kind: 'half-route', destination } };
  const link = links.link(host, device)?.kind ?? '';
  return TUNNELS.has(link) && prefixLength(destination) === 0
    ? { device, how: { kind: 'default-route', link } }
    : undefined;
}

const TUNNELS: ReadonlySet<string> = new Set(['wireguard', 'tun', 'ppp', 'xfrm', 'vti', 'ipip', 'gre', 'sit', 'l2tp']);

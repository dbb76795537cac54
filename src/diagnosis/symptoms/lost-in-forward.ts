import { filtered } from '../../network/filter.js';
import type { NetworkState } from '../../network/network-state.js';
import type { Observed } from '../cause.js';
import type { Flow } from '../flow.js';
import { packetOf } from '../remedies/traffic.js';
import { onParent } from './wire.js';

type Seen = Pick<Observed, 'network' | 'observed'>;

export const FORWARD_HOOKS = ['forward'];

/** A bridge container's packets on their way through the host; to a sibling only where br_netfilter shows them to the hook. */
export function traversesForward(seen: Seen, flow: Flow): boolean {
  const { routing, names } = seen.network;
  if (flow.network?.driver !== 'bridge' || !flow.outbound || flow.peer === 'host') return false;
  if (flow.peer === 'sibling') return routing.sysctl(names.hostName, 'net.bridge.bridge-nf-call-iptables') === '1';
  // Without forwarding they never get as far as the hook.
  if (routing.sysctl(names.hostName, 'net.ipv4.ip_forward') === '0') return false;
  return onParent(seen, flow).requests.length === 0;
}

/** Whether the rules, as far as they can be read, drop what the host would forward. */
export function forwardMayDrop(seen: Seen, flow: Flow): boolean {
  const { network } = seen;
  const firewall = network.firewall(network.names.hostName);
  const packet = { ...packetOf(flow, 'request'), ...devicesOf(network, flow), state: 'new' as const };
  const outcome = firewall && filtered(firewall, FORWARD_HOOKS, packet).kind;
  // A rule that cannot be read counts where the packet was seen to go missing, and its way through the host is known.
  const unclear = outcome === 'unknown' && packet.outDevice !== undefined && onParent(seen, flow).reliable;
  return outcome === 'blocks' || unclear;
}

/** The links through which a flow's request enters and leaves the host, as far as they are known. */
export function devicesOf({ routing, names }: NetworkState, { from, to, network, peer }: Flow) {
  const inDevice = network?.parent;
  const packet = { source: from.address, destination: to.address, inDevice };
  return { inDevice, outDevice: peer === 'sibling' ? inDevice : routing.deviceFor(names.hostName, packet) };
}

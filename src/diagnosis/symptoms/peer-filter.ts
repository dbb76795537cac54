import type { Firewall } from '../../evidence/facts.js';
import { filtered, placesBlocking } from '../../network/filter.js';
import type { Decider } from '../../network/packet-filter.js';
import type { Observed } from '../cause.js';
import type { Flow } from '../flow.js';
import { isOnLink } from '../flow-questions.js';
import type { BlockedPassage } from '../remedies/allow-traffic.js';
import { packetOf } from '../remedies/traffic.js';
import { onParent, sighting } from './wire.js';

/** A flow that a machine on the LAN drops itself, or whose replies it drops. */
export interface PeerDrop {
  readonly flow: Flow;
  /** The machine, by its name or address. */
  readonly peer: string;
  /** The rule or policy that drops; absent where its packet filter was not read. */
  readonly by: Decider | undefined;
  /** The chains that drop, and what; empty where its packet filter was not read. */
  readonly blocked: readonly BlockedPassage[];
}

const INPUT = ['prerouting', 'input'];
const OUTPUT = ['output', 'postrouting'];

/** Its rules drop it, and the path ends there. */
export function dropByRules({ network, paths }: Observed, flow: Flow): PeerDrop | undefined {
  const end = flow.outbound ? flow.to : flow.from;
  const peer = end.node?.name ?? '';
  const firewall = network.firewall(peer);
  if (!firewall) return undefined;
  const path = paths.ofAny(flow.probe);
  const hop = [...path.forward, ...path.return].find(
    (one) => one.hop === 'target' && one.predicted.verdict === 'blocks',
  );
  if (hop?.node !== peer || path.end?.hop !== 'target' || path.end.node !== peer) return undefined;
  const device = network.addresses.linkWith(peer, end.address)?.name;
  const outcome = filtered(firewall, INPUT, packetFor(flow, flow.outbound ? 'request' : 'reply', device));
  return outcome.kind === 'blocks'
    ? { flow, peer, by: outcome.by, blocked: blockedBy(firewall, flow, device) }
    : undefined;
}

/** A flow's packet as the machine's own filter meets it. */
function packetFor(flow: Flow, part: 'request' | 'reply', device: string | undefined) {
  const comesIn = flow.outbound === (part === 'request');
  const state = part === 'request' ? ('new' as const) : ('established' as const);
  return { ...packetOf(flow, part), state, ...(comesIn ? { inDevice: device } : { outDevice: device }) };
}

/** Every chain that drops a direction of a flow, on its way in or out. */
function blockedBy(firewall: Firewall, flow: Flow, device: string | undefined): readonly BlockedPassage[] {
  return (['request', 'reply'] as const).flatMap((part) => {
    const hooks = flow.outbound === (part === 'request') ? INPUT : OUTPUT;
    return placesBlocking(firewall, hooks, packetFor(flow, part, device)).map((at) => ({ flow, part, at }));
  });
}

/**
 * Its packet filter was not read: the container's requests leave properly without a reply, while the machine replies to the
 * host, and the gateway to the container. Such a filter would let in a sender from its own subnet.
 */
export function dropBySymptoms(view: Observed, flow: Flow): PeerDrop | undefined {
  const { flows, network } = view;
  const peer = flow.to.node?.name ?? flow.to.label;
  if (!flow.outbound || network.firewall(peer) !== undefined || isOnLink(flow)) return undefined;
  const { requests, replies, reliable } = onParent(view, flow, flow.network?.parent);
  const gatewayReplies = flows.some(
    ({ outbound, peer: other, containerAddress, arrival }) =>
      arrival === 'all' && outbound && other === 'gateway' && containerAddress === flow.containerAddress,
  );
  if (!reliable || requests.length === 0 || replies.length > 0 || !gatewayReplies) return undefined;
  return hostFlowTo(view, flow) && { flow, peer, by: undefined, blocked: [] };
}

/** A flow of the host that gets replies from the same address by the same protocol. */
export function hostFlowTo({ flows, network }: Observed, { to, probe }: Flow): Flow | undefined {
  return flows.find(
    (other) =>
      other.arrival === 'all' &&
      other.from.node?.name === network.names.hostName &&
      other.to.address === to.address &&
      other.probe.over.protocol === probe.over.protocol,
  );
}

/** Whether its replies, which go through the gateway, would have been seen there; and none was. */
export function repliesWouldShow({ observed, network }: Observed, flow: Flow): boolean {
  const captures = observed.captures.filter(
    ({ node, control }) => node === network.names.gateway?.name && control === 'seen',
  );
  return captures.length > 0 && captures.every((capture) => sighting(flow, capture).replies.length === 0);
}

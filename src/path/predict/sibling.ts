import type { NetworkFact } from '../../evidence/facts.js';
import { isLayer3, shareParent } from '../../network/networks.js';
import type { Interface } from '../path.js';
import { addLostAddress } from './conflict.js';
import { comesByParent, filterHop, siblingPrediction } from './hops.js';
import { blocks, type PredictedHop } from './leg.js';
import { deliver, LOST, type Move } from './move.js';
import { onLinkItself } from './on-link.js';
import type { Trail } from './trail.js';

/** Who on the same parent an address leads to: its holder there, else the container Docker gave it to. */
export function siblingAt(
  { network: state, packet: { destination } }: Trail,
  network: NetworkFact | undefined,
): string | undefined {
  const held = network?.driver === 'ipvlan' ? state.addresses.heldOn(network.parent ?? '', destination) : undefined;
  if (held) return held.node.name;
  const meant = state.addresses.containerAt(destination);
  if (!meant || !shareParent(network, state.addresses.networkOf(meant, destination))) return undefined;
  // L3 asks nothing by ARP: what no link on the parent holds is the host's to route.
  return isLayer3(network) && state.addresses.lacks(meant, destination) ? undefined : meant.name;
}

/** From one container to another on the same parent, or bridge. */
export function toSibling(trail: Trail, name: string, network: NetworkFact | undefined): Move {
  const { names, addresses } = trail.network;
  if (network?.driver === 'bridge') trail.add(...acrossBridge(trail, network));
  if (comesByParent(network))
    trail.add(...onLinkItself(trail, { node: names.hostName, device: network.parent, way: 'ingress' }));
  const text = `on ${network?.parent ?? network?.name}`;
  trail.add({ hop: 'sibling', node: name, text, predicted: siblingPrediction(network) });
  if (addLostAddress(trail, name)) return LOST;
  // What a link of the host's takes from its siblings never shows on the parent.
  const isHost = names.host?.name === name;
  const { destination } = trail.packet;
  if (names.host && isHost && trail.translations.get(destination)?.node === name)
    return { kind: 'arrive', holder: { node: names.host, device: addresses.deviceOf(name, destination) ?? '' } };
  return deliver(name, isHost ? undefined : (addresses.deviceOf(name, destination) ?? 'eth0'));
}

/** A parent hands its lack of a carrier down to the links on it, which then send nothing, not even to each other. */
export function withoutCarrier(
  { network: { names, links } }: Trail,
  { node, device }: Interface,
  network: NetworkFact | undefined,
): readonly PredictedHop[] {
  const own = links.link(node, device);
  if (own?.carrier !== false || !own.adminUp || network?.parent === undefined) return [];
  const { parent } = network;
  const predicted = blocks({ kind: 'no-carrier-on-parent', parent, node, device });
  return [{ hop: 'parent', node: names.hostName, text: parent, predicted }];
}

/** Where br_netfilter is at work, what a bridge passes from port to port crosses the host's FORWARD hook as well. */
function acrossBridge(trail: Trail, { parent = '' }: NetworkFact): readonly PredictedHop[] {
  const { names, routing } = trail.network;
  const node = names.hostName;
  if (routing.sysctl(node, 'net.bridge.bridge-nf-call-iptables') !== '1') return [];
  const crossing = { ...trail.packet, inDevice: parent, outDevice: parent, state: trail.tracked };
  const hop = filterHop(trail.network, { hop: 'host-forward', node, hooks: ['forward'] }, crossing);
  return hop.predicted.verdict === 'passes' ? [] : [hop];
}

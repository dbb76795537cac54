import type { Link, NetworkFact } from '../../evidence/facts.js';
import { bare, sameAddress } from '../../ip.js';
import { onDummy } from './dummy.js';
import { linkPrediction, linkText, siblingPrediction } from './hops.js';
import { blocks, PASSES } from './leg.js';
import { crossSegment, deliver, LOST, type Move } from './move.js';
import { onLinkItself } from './on-link.js';
import { shimsOf } from './shim.js';
import type { Trail } from './trail.js';

/** L2 and macvlan: the frame goes to the parent as it is, past everything the host has. */
export function byParent(trail: Trail, network: NetworkFact | undefined, next: string): Move {
  const dummy = onDummy(trail, network, next);
  if (dummy) return dummy;
  const { names } = trail.network;
  const [node, device] = [names.hostName, network?.parent ?? ''];
  const shim = shimFor(trail, network, next);
  if (shim) return toShim(trail, network, shim);
  const predicted = linkPrediction(trail.network, node, device);
  trail.add(...onLinkItself(trail, { node, device, way: 'egress' }), {
    // A parent that is down is what stops it, not the driver on it.
    hop: predicted.verdict === 'blocks' ? 'parent' : 'ipvlan',
    node,
    text: `${network?.driver} ${network?.mode ?? ''} on ${linkText(trail.network, node, device)}`,
    predicted,
    driver: network?.driver,
    vantage: { node, device, direction: 'out' },
    asks: next,
    asker: trail.packet.source,
  });
  if (!names.host?.addresses.some((own) => sameAddress(own, next))) return crossSegment({ node, device, next });
  const apart = blocks({ kind: 'host-apart', device, driver: network?.driver ?? '' });
  trail.add({ hop: 'parent', node, text: device, predicted: apart });
  return LOST;
}

/** The shim that holds the next hop, or any where that is another address of the host's. */
function shimFor({ network: state }: Trail, network: NetworkFact | undefined, next: string): Link | undefined {
  const shims = shimsOf(state, network);
  const holder = shims.find(({ addresses }) => addresses.some((own) => sameAddress(bare(own), next)));
  return holder ?? (state.names.isHost(next) ? shims[0] : undefined);
}

/**
 * A shim replies to ARP for any address of the host's, and the driver hands the packet over to it, or to the host.
 *
 * @see `ipvlan_xmit_mode_l2` in the kernel's drivers/net/ipvlan/ipvlan_core.c: what is for the parent's own MAC address
 */
function toShim(trail: Trail, network: NetworkFact | undefined, { name: device }: Link): Move {
  const { names } = trail.network;
  const node = names.hostName;
  trail.add({ hop: 'sibling', node, text: `on ${network?.parent}`, predicted: siblingPrediction(network) });
  return names.host ? { kind: 'arrive', holder: { node: names.host, device } } : deliver(node, device);
}

/** A bridge delivers to the host itself, and the host routes the rest. */
export function throughBridge(trail: Trail, network: NetworkFact): Move {
  const { names, addresses } = trail.network;
  const node = names.hostName;
  const inDevice = network.parent ?? '';
  trail.add({
    hop: 'ipvlan',
    node,
    text: `bridge ${inDevice || network.name}`,
    predicted: PASSES,
    driver: network.driver,
  });
  return addresses.isOwn(node, trail.packet.destination)
    ? deliver(node, inDevice)
    : { kind: 'forward', node, inDevice };
}

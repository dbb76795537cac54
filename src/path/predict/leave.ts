import type { NetworkFact } from '../../evidence/facts.js';
import { isLayer3 } from '../../network/networks.js';
import type { Hop } from '../hop.js';
import { byNetwork } from './by-network.js';
import { linkPrediction } from './hops.js';
import { blocks } from './leg.js';
import { crossSegment, deliver, LOST, type Exit, type Move } from './move.js';
import { tooBig } from './mtu.js';
import { shimsOf } from './shim.js';
import { toSibling } from './sibling.js';
import type { Trail } from './trail.js';

/** Out of a node's link, on to the node that holds the next hop. */
export function leave(trail: Trail, exit: Exit): Move {
  const { node, device, next } = exit;
  const { names, addresses } = trail.network;
  const kind = names.node(node)?.kind;
  const big = tooBig(trail.network, exit, trail.packet);
  const predicted = big === undefined ? linkPrediction(trail.network, node, device) : blocks(big);
  const hop: Hop =
    kind === 'container' ? 'container' : kind === 'gateway' && leadsOutside(trail, node, next) ? 'uplink' : 'lan';
  trail.add({ hop, node, text: device, predicted, vantage: { node, device, direction: 'out' }, asks: next });
  const router = names.container(node);
  // What a container forwards leaves as its own frames do.
  if (router && !addresses.isOwnLink(router, device))
    return byNetwork(trail, addresses.networkBehind(router, { device, source: '' }), exit);
  const own = kind === 'host' ? addresses.containerAt(next) : undefined;
  const network = own && addresses.networkOf(own, next);
  if (network?.parent === device) return fromHostToOwn(trail, exit, network);
  const isShim = shimsOf(trail.network, network).some(({ name }) => name === device);
  return own && isShim ? toSibling(trail, own.name, network) : crossSegment(exit);
}

/** What the host passes on to a container of its own: a bridge delivers it, a parent never hears itself. */
function fromHostToOwn(trail: Trail, exit: Exit, network: NetworkFact): Move {
  const { node, device, next } = exit;
  const { addresses } = trail.network;
  if (network.driver === 'bridge') {
    const own = addresses.containerAt(next)?.name ?? '';
    return deliver(own, addresses.deviceOf(own, next) ?? 'eth0');
  }
  if (isLayer3(network)) return crossSegment(exit);
  const predicted = blocks({ kind: 'host-apart', device, driver: network.driver });
  trail.add({ hop: 'parent', node, text: device, predicted });
  return LOST;
}

/** Whether the next hop is on the internet. */
export function leadsOutside(trail: Trail, node: string, next: string): boolean {
  return trail.holder(next, node)?.node.kind === 'internet';
}

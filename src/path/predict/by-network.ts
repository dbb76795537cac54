import type { NetworkFact } from '../../evidence/facts.js';
import { siblingRouter } from '../../network/holders.js';
import { byParent, throughBridge } from './by-parent.js';
import { comesByParent, siblingPrediction } from './hops.js';
import { PASSES } from './leg.js';
import type { Exit, Move } from './move.js';
import { onLinkItself } from './on-link.js';
import type { Trail } from './trail.js';

/** Out of a container's link as a frame: to a container on the same parent or bridge that is the next hop, else beyond it. */
export function byNetwork(trail: Trail, network: NetworkFact | undefined, exit: Exit): Move {
  const router = network && siblingRouter(trail.network, network, exit);
  if (network && router) return toRouter(trail, network, router);
  return network?.driver === 'bridge' ? throughBridge(trail, network) : byParent(trail, network, exit.next);
}

/** The next hop is a container, which routes in its own network namespace. The host's FORWARD hook has no part in it. */
function toRouter(
  trail: Trail,
  network: NetworkFact,
  { node, device }: { readonly node: string; readonly device: string },
): Move {
  if (comesByParent(network)) {
    const parent = { node: trail.network.names.hostName, device: network.parent };
    // It shows there as it does on its way out of the router, which is a second time.
    const vantage = { ...parent, direction: 'out' as const };
    trail.add({
      hop: 'ipvlan',
      driver: network.driver,
      node: parent.node,
      text: `macvlan bridge on ${network.parent}`,
      predicted: PASSES,
      vantage,
    });
    trail.add(...onLinkItself(trail, { ...parent, way: 'ingress' }));
  }
  const text = `on ${network.parent ?? network.name}`;
  trail.add({ hop: 'sibling', node, text, predicted: siblingPrediction(network) });
  return { kind: 'forward', node, inDevice: device };
}

import type { NetworkFact } from '../../evidence/facts.js';
import type { NextHop } from '../../network/fib.js';
import { routeText } from './hops.js';
import { blocks, PASSES } from './leg.js';
import { LOST, type Move } from './move.js';
import type { Trail } from './trail.js';

function isOnDummy(network: NetworkFact | undefined): network is NetworkFact {
  return network !== undefined && network.driver !== 'bridge' && network.parent === undefined;
}

/** No next hop answers behind a dummy link, the right one as little as a wrong one: it is not the route that is to blame. */
export function byDummy(
  trail: Trail,
  { node, found, network }: { node: string; found: NextHop | undefined; network: NetworkFact | undefined },
): string | undefined {
  if (!isOnDummy(network) || (found?.kind !== 'via' && found?.kind !== 'on-link')) return undefined;
  const next = found.kind === 'via' ? found.gateway : trail.packet.destination;
  trail.add({ hop: 'container-route', node, text: routeText(found), predicted: PASSES, asks: next });
  return next;
}

/** Docker's own link of a network without a parent: what is sent there is lost. */
export function onDummy(trail: Trail, network: NetworkFact | undefined, asks?: string): Move | undefined {
  if (!isOnDummy(network)) return undefined;
  const predicted = blocks({ kind: 'no-parent', network: network.name });
  const node = trail.network.names.hostName;
  const text = `${network.driver} on a dummy link`;
  trail.add({ hop: 'parent', node, text, predicted, ...(asks === undefined ? {} : { asks }) });
  return LOST;
}

import type { NetworkFact } from '../../evidence/facts.js';
import type { NextHop } from '../../network/fib.js';
import { routeText } from './hops.js';
import { blocks, PASSES, type Leg } from './leg.js';
import type { Trail } from './trail.js';

function hangsOnDummy(network: NetworkFact | undefined): network is NetworkFact {
  return network !== undefined && network.driver !== 'bridge' && network.parent === undefined;
}

/** No next hop answers behind a dummy link, the right one as little as a wrong one: it is not the route that is to blame. */
export function byDummy(
  trail: Trail,
  { node, found, network }: { node: string; found: NextHop | undefined; network: NetworkFact | undefined },
): string | undefined {
  if (!hangsOnDummy(network) || (found?.kind !== 'via' && found?.kind !== 'on-link')) return undefined;
  const next = found.kind === 'via' ? found.gateway : trail.packet.destination;
  trail.tread({ hop: 'container-route', node, text: routeText(found), predicted: PASSES, asks: next });
  return next;
}

/** Docker's own link of a network without a parent: whatever is sent there is gone. */
export function onDummy(trail: Trail, network: NetworkFact | undefined, asks?: string): Leg | undefined {
  if (!hangsOnDummy(network)) return undefined;
  const node = trail.world.host?.name ?? 'host';
  const text = `${network.driver} on a dummy link`;
  trail.tread({
    hop: 'parent',
    node,
    text,
    predicted: blocks({ kind: 'no-parent', network: network.name }),
    ...(asks === undefined ? {} : { asks }),
  });
  return trail.ended(undefined);
}

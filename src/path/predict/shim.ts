import type { Link, NetworkFact } from '../../evidence/facts.js';
import type { NextHop } from '../../network/fib.js';
import type { NetworkState } from '../../network/network-state.js';
import { hostOutput } from './host-hooks.js';
import { routeText } from './hops.js';
import { PASSES } from './leg.js';
import type { Move } from './move.js';
import { toSibling } from './sibling.js';
import type { Trail } from './trail.js';

/** The host's own links on a network's parent that are up: siblings of its containers, by which host and containers meet. */
export function shimsOf({ names, links }: NetworkState, network: NetworkFact | undefined): readonly Link[] {
  const host = names.hostName;
  if (network?.parent === undefined || network.driver === 'bridge') return [];
  return (links.of(host) ?? []).filter(
    ({ name, kind, lower = network.parent }) =>
      kind === network.driver &&
      name !== network.parent &&
      lower === network.parent &&
      links.state(host, name) === 'up',
  );
}

/**
 * What the host sends a container by a route through a shim: the link hands it over on the parent, like a sibling's packet.
 *
 * @returns `undefined` where the route leads elsewhere
 */
export function throughShim(
  trail: Trail,
  node: string,
  { found, network }: { readonly found: NextHop | undefined; readonly network: NetworkFact | undefined },
): Move | undefined {
  if (found?.kind !== 'on-link' || !shimsOf(trail.network, network).some(({ name }) => name === found.device))
    return undefined;
  const container = trail.network.addresses.containerAt(trail.packet.destination);
  if (!container) return undefined;
  trail.add({ hop: 'host-route', node, text: routeText(found), predicted: PASSES });
  trail.add(hostOutput(trail, node, found.device));
  return toSibling(trail, container.name, network);
}

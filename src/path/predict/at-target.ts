import { listening, takes } from '../../network/listening.js';
import type { Hop } from '../hop.js';
import type { Interface } from '../path.js';
import { filterHop, routeText } from './hops.js';
import { blocks, PASSES, type PredictedHop } from './leg.js';
import type { Move } from './move.js';
import { onLinkItself } from './on-link.js';
import type { Trail } from './trail.js';

/** In by a link of the node it is meant for: past its filters, to what listens there. */
export function deliverTo(trail: Trail, { node, device, unfiltered }: Extract<Move, { kind: 'deliver' }>): Move {
  const isContainer = trail.network.names.node(node)?.kind === 'container';
  // What looks at an interface sees what comes in before any filter does.
  trail.add(arrival({ node, device, isContainer }));
  if (device !== undefined && !isContainer)
    trail.add(...onLinkItself(trail, { node, device, way: 'ingress' }, 'target'));
  if (device !== undefined) trail.add(...reversePath(trail, { node, device }));
  if (!unfiltered) addInputFilter(trail, { node, device, isContainer });
  const closed = closedPort(trail, node);
  if (closed) trail.add(closed);
  return { kind: 'end', at: node };
}

interface Arriving {
  readonly node: string;
  readonly device: string | undefined;
  readonly isContainer: boolean;
}

function arrival({ node, device, isContainer }: Arriving): PredictedHop {
  const hop = isContainer ? 'container' : 'target';
  if (device === undefined) return { hop, node, text: 'local', predicted: PASSES };
  const vantage = { node, device, ...(isContainer ? {} : { direction: 'in' as const }) };
  return { hop, node, text: device, predicted: PASSES, vantage };
}

/** The node's own filter, where it stops the packet, or may. */
function addInputFilter(trail: Trail, at: Arriving): void {
  const filter = inputFilter(trail, at);
  const { verdict } = filter.predicted;
  if (verdict === 'blocks' || (verdict === 'unknown' && trail.network.firewall(at.node))) trail.add(filter);
}

function inputFilter(trail: Trail, { node, device, isContainer }: Arriving): PredictedHop {
  return filterHop(
    trail.network,
    { hop: isContainer ? 'container-firewall' : 'target', node, hooks: ['prerouting', 'input'] },
    // A node that sends or receives sees both directions.
    { ...trail.packet, state: trail.tracked, ...(device === undefined ? {} : { inDevice: device }) },
  );
}

/** A port that nothing listens on at the address asked for: the target itself refuses. */
function closedPort({ network, packet }: Trail, node: string): PredictedHop | undefined {
  const { protocol, port, destination } = packet;
  if (port === undefined || (protocol !== 'tcp' && protocol !== 'udp')) return undefined;
  const sockets = listening(network, node, { protocol, port });
  if (sockets === undefined || sockets.some(({ address }) => takes(address, destination))) return undefined;
  const elsewhere = [...new Set(sockets.map(({ address }) => address))];
  const predicted = blocks({ kind: 'not-listening', node, protocol, port, elsewhere });
  return { hop: 'target', node, text: `${protocol}/${port}`, predicted };
}

/** A gateway or peer that filters strictly takes nothing from a source it has its route to via another link. */
export function reversePath(
  { network: { names, routing }, packet: { source } }: Trail,
  { node, device }: Interface,
): readonly PredictedHop[] {
  const kind = names.node(node)?.kind;
  const filters = kind === 'gateway' || kind === 'peer';
  const back = filters ? routing.reversePathMismatch(node, { source, inDevice: device }) : undefined;
  if (!back) return [];
  const predicted = blocks({ kind: 'reverse-path-filter', node, source, device });
  const hop: Hop = kind === 'gateway' ? 'gateway-route-back' : 'far-route';
  return [{ hop, node, text: routeText(back), predicted }];
}

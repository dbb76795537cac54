import type { Hop } from '../hop.js';
import { filterHop, routeText } from './hops.js';
import { blocks, PASSES, type Leg, type Trodden } from './leg.js';
import { takes } from '../../network/listening.js';
import { onLinkItself } from './on-link.js';
import type { Trail } from './trail.js';

/** In by a link of the node it is meant for: past its filters, to whoever listens there. */
export function atTarget(trail: Trail, node: string, device: string | undefined): Leg {
  const kind = trail.world.node(node)?.kind;
  const vantage =
    device === undefined
      ? {}
      : { vantage: { node, device, ...(kind === 'container' ? {} : { direction: 'in' as const }) } };
  const filter = filterHop(
    trail.world,
    { hop: kind === 'container' ? 'container-firewall' : 'target', node, hooks: ['prerouting', 'input'] },
    // Whoever sends or receives sees both directions.
    { ...trail.packet, state: trail.tracked, ...(device === undefined ? {} : { inDevice: device }) },
  );
  // What looks at an interface sees what comes in before any filter does.
  trail.tread({
    hop: kind === 'container' ? 'container' : 'target',
    node,
    text: device ?? 'local',
    predicted: PASSES,
    ...vantage,
  });
  if (device !== undefined && kind !== 'container')
    trail.tread(...onLinkItself(trail, { node, device, way: 'ingress' }, 'target'));
  if (device !== undefined) trail.tread(...reversePath(trail, node, device));
  if (filter.predicted.verdict === 'blocks' || (filter.predicted.verdict === 'unknown' && trail.world.firewall(node)))
    trail.tread(filter);
  const closed = closedPort(trail, node);
  if (closed) trail.tread(closed);
  return trail.ended(node);
}

/** A port that nobody listens on by the address asked for: the target itself refuses. */
function closedPort({ world, packet }: Trail, node: string): Trodden | undefined {
  const { protocol, port, destination } = packet;
  if (port === undefined || (protocol !== 'tcp' && protocol !== 'udp')) return undefined;
  const sockets = world.listening(node, { protocol, port });
  if (sockets === undefined || sockets.some(({ address }) => takes(address, destination))) return undefined;
  const elsewhere = [...new Set(sockets.map(({ address }) => address))];
  const predicted = blocks({ kind: 'not-listening', node, protocol, port, elsewhere });
  return { hop: 'target', node, text: `${protocol}/${port}`, predicted };
}

/** A gateway or peer whose own way back to the sender leads by another link, and which filters for that, takes nothing from it. */
export function reversePath({ world, packet: { source } }: Trail, node: string, inDevice: string): readonly Trodden[] {
  const kind = world.node(node)?.kind;
  const back = kind === 'gateway' || kind === 'peer' ? world.wrongWayBack(node, { source, inDevice }) : undefined;
  if (!back) return [];
  const hop: Hop = kind === 'gateway' ? 'gateway-route-back' : 'far-route';
  return [
    {
      hop,
      node,
      text: routeText(back),
      predicted: blocks({ kind: 'reverse-path-filter', node, source, device: inDevice }),
    },
  ];
}

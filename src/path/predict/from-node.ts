import type { NetworkFact } from '../../evidence/facts.js';
import { lookup, type NextHop } from '../../network/fib.js';
import { isPrivate, linkPrediction, routeText } from './hops.js';
import { blocks, PASSES, type Leg } from './leg.js';
import { hostOutput } from './host-hooks.js';
import { atTarget } from './at-target.js';
import { treadStolenReply } from './mix-up.js';
import { onLinkItself } from './on-link.js';
import { leave, onWire, routeHop } from './onward.js';
import type { Trail } from './trail.js';
import type { Reason } from '../reason.js';
import { isLayer3 } from '../../network/world.js';

export function hostSends(trail: Trail, node: string): Leg {
  const { world } = trail;
  const fib = world.fib(node);
  const own = world.containerAt(trail.packet.destination);
  const network = own && world.networkOf(own, trail.packet.destination);
  const found = fib && lookup(fib, trail.packet);
  const device = found && 'device' in found ? found.device : (world.parents[0] ?? '');
  const isolated =
    found?.kind === 'on-link' && network?.driver !== 'bridge' && device === network?.parent && !isLayer3(network);
  if (isolated) {
    trail.tread({
      hop: 'host-route',
      node,
      text: routeText(found),
      predicted: PASSES,
      asks: trail.packet.destination,
      vantage: { node, device, direction: 'out' },
    });
    const predicted = blocks({ kind: 'host-apart', device, driver: network.driver });
    trail.tread({ hop: 'parent', node, text: device, predicted });
    return trail.ended(undefined);
  }
  const astray = leadsAstray(trail, node, { found, network });
  const next = trail.route({ hop: 'host-route', node, device }, found, astray);
  treadStolenReply(trail, { node, device }, next);
  trail.tread(hostOutput(trail, node, device));
  const passed = astray === undefined ? (found?.kind === 'none' ? device : undefined) : network?.parent;
  if (passed !== undefined && linkPrediction(world, node, passed).verdict === 'passes') {
    // Where it would have to pass, and does not.
    const vantage = { node, device: passed, direction: 'out' as const };
    trail.tread({ hop: 'parent', node, text: passed, predicted: PASSES, vantage });
    return trail.ended(undefined);
  }
  if (next === undefined) return trail.withoutRoute('parent', node, device);
  trail.tread(...onLinkItself(trail, { node, device, way: 'egress' }), {
    hop: 'parent',
    node,
    text: device,
    predicted: linkPrediction(world, node, device),
    vantage: { node, device, direction: 'out' },
    asks: next,
  });
  if (own && network?.driver === 'bridge')
    return atTarget(trail, own.name, world.deviceOf(own.name, trail.packet.destination) ?? 'eth0');
  return onWire(trail, { node, device }, next);
}

/** Where the host's packets to its own containers leave by another link than theirs, and nobody there takes them back. */
function leadsAstray(
  { world, packet }: Trail,
  node: string,
  { found, network }: { found: NextHop | undefined; network: NetworkFact | undefined },
): Reason | undefined {
  if (found?.kind !== 'via' && found?.kind !== 'on-link') return undefined;
  const { device } = found;
  if (network?.parent === undefined || network.driver === 'bridge' || device === network.parent) return undefined;
  // A link of the driver's own kind is a shim, by which the host reaches its containers.
  if (world.link(node, device)?.kind === network.driver) return undefined;
  const holder = found.kind === 'via' ? world.holder(found.gateway, node)?.node.kind : undefined;
  const goesOn = holder !== undefined && holder !== 'internet';
  return goesOn
    ? undefined
    : { kind: 'route-via-other-link', destination: packet.destination, device, parent: network.parent };
}

/** A gateway, a peer, or the internet. */
export function nodeSends(trail: Trail, node: string): Leg {
  const fib = trail.world.fib(node);
  const found = fib && lookup(fib, trail.packet);
  const uplink = trail.world.uplinkOf(node)?.name ?? '';
  const device = found && 'device' in found ? found.device : uplink;
  const next = trail.route({ hop: routeHop(trail, node), node, device }, found);
  if (next === undefined) return trail.withoutRoute('uplink', node, uplink);
  return leave(trail, node, { device, next });
}

/** The real one cannot be looked at: it answers public addresses, by way of whoever holds them. */
export function internetSends(trail: Trail, node: string): Leg {
  const { destination } = trail.packet;
  const predicted = isPrivate(destination) ? blocks({ kind: 'no-route-on-internet', destination }) : PASSES;
  trail.tread({ hop: 'far-route', node, text: 'the internet', predicted });
  return predicted.verdict === 'blocks' ? trail.ended(undefined) : onWire(trail, { node, device: '' }, destination);
}

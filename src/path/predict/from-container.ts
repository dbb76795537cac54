import type { ContainerFact, NetworkFact } from '../../evidence/facts.js';
import { sameAddress } from '../../ip.js';
import { atTarget } from './at-target.js';
import { byHost } from './by-host.js';
import { isDefault } from '../../network/default-route.js';
import { byDummy, onDummy } from './dummy.js';
import { lookup, type NextHop } from '../../network/fib.js';
import { comesByParent, filterHop, linkPrediction, routeText, siblingPrediction } from './hops.js';
import { blocks, PASSES, unknown, type Leg, type Trodden } from './leg.js';
import { treadLoss } from './mix-up.js';
import { tooBig } from './mtu.js';
import { onLinkItself } from './on-link.js';
import { forward, onWire } from './onward.js';
import type { Trail } from './trail.js';
import { isLayer3 } from '../../network/world.js';

export function containerSends(trail: Trail, node: string): Leg {
  const { world } = trail;
  const container = world.container(node);
  const fib = world.fib(node);
  const found = fib && lookup(fib, trail.packet);
  const device = found && 'device' in found ? found.device : (world.deviceOf(node, trail.packet.source) ?? 'eth0');
  const network = container && world.networkBehind(container, { device, source: trail.packet.source });
  if (found?.kind === 'local') return toItself(trail, node);
  const sibling = container && siblingAt(trail, network);
  // In L2 containers of two subnets meet at their gateway, although they hang on one parent.
  const near = sibling !== undefined && (isLayer3(network) || found?.kind !== 'via');
  if (isLayer3(network) || near) {
    // In L3 everything is handed over on-link, and nobody is asked by ARP.
    const usable = found && found.kind !== 'none' && found.kind !== 'blocked';
    const why =
      fib === undefined
        ? unknown({ kind: 'routes', node })
        : blocks({ kind: 'no-route', destination: trail.packet.destination });
    trail.tread({
      hop: 'container-route',
      node,
      text: found ? routeText(found) : 'not seen',
      predicted: usable ? PASSES : why,
    });
    const asks = usable && near && !isLayer3(network) ? trail.packet.destination : undefined;
    containerFirewall(trail, node, { outDevice: device, asks });
    if (!usable) return trail.ended(undefined);
    if (near) {
      trail.tread(...withoutCarrier(trail, { node, device, network }));
      return toSibling(trail, sibling, network);
    }
    return byHost(trail, network);
  }
  if (container && !trail.begins && isAstray(trail, container, network)) return astray(trail, { node, found, device });
  const isolated = isHostOnParent(trail, found, network);
  const next = isolated
    ? onLinkToHost(trail, node, found)
    : (byDummy(trail, { node, found, network }) ??
      trail.route({ hop: 'container-route', node }, asTakenOnLink(trail, found)));
  containerFirewall(trail, node, { outDevice: device, asks: next });
  if (next === undefined) return trail.ended(undefined);
  if (network?.driver === 'bridge') return throughBridge(trail, network);
  return byParent(trail, network, next);
}

/** An address of the container's own, whoever else has it. */
function toItself(trail: Trail, node: string): Leg {
  trail.tread({ hop: 'container-route', node, text: 'local', predicted: PASSES });
  return atTarget(trail, node, undefined);
}

/** Who on the same parent an address leads to: its holder there, else the container Docker gave it to. */
function siblingAt({ world, packet: { destination } }: Trail, network: NetworkFact | undefined): string | undefined {
  const held = network?.driver === 'ipvlan' ? world.heldOn(network.parent ?? '', destination) : undefined;
  if (held) return held.node.name;
  const meant = world.containerAt(destination);
  if (!meant || !world.sharesParent(network, world.networkOf(meant, destination))) return undefined;
  // In L3 nobody is asked: what no link on the parent holds is the host's to route.
  return isLayer3(network) && world.lacks(meant, destination) ? undefined : meant.name;
}

/** Whether an answer leaves by another network than the question came by, whose routers have no business with its source. */
function isAstray({ world, packet }: Trail, container: ContainerFact, network: NetworkFact | undefined): boolean {
  const asked = world.networkOf(container, packet.source);
  return asked !== undefined && network !== undefined && asked.name !== network.name;
}

/** From there on the answer is in the hands of whoever filters by where a source address belongs. */
function astray(
  trail: Trail,
  { node, found, device }: { node: string; found: NextHop | undefined; device: string },
): Leg {
  const predicted = blocks({ kind: 'reply-via-other-network', source: trail.packet.source, device });
  trail.tread({ hop: 'container-route', node, text: found ? routeText(found) : '', predicted });
  return trail.ended(undefined);
}

/** A default route without a gateway, as L3 gives it: in L2 every address is then asked for on the LAN, where it need not be. */
function asTakenOnLink(trail: Trail, found: NextHop | undefined) {
  if (found?.kind !== 'on-link' || !isDefault(found.route)) return found;
  const near = trail.world.sharesSegment(trail.packet.destination);
  return near ? found : { kind: 'assumed-on-link' as const, device: found.device };
}

export function containerFirewall(
  trail: Trail,
  node: string,
  { outDevice, asks }: { readonly outDevice: string; readonly asks?: string | undefined },
): void {
  const big = tooBig(trail.world, { node, device: outDevice }, trail.packet);
  if (big !== undefined) trail.tread({ hop: 'container', node, text: outDevice, predicted: blocks(big) });
  const hop = filterHop(
    trail.world,
    { hop: 'container-firewall', node, hooks: ['output', 'postrouting'] },
    { ...trail.packet, outDevice },
  );
  trail.tread({ ...hop, vantage: { node, device: outDevice }, ...(asks === undefined ? {} : { asks }) });
}

export function toSibling(trail: Trail, name: string, network: NetworkFact | undefined): Leg {
  if (network?.driver === 'bridge') trail.tread(...acrossBridge(trail, network));
  const node = trail.world.host?.name ?? 'host';
  if (comesByParent(network)) trail.tread(...onLinkItself(trail, { node, device: network.parent, way: 'ingress' }));
  trail.tread({
    hop: 'sibling',
    node: name,
    text: `on ${network?.parent ?? network?.name}`,
    predicted: siblingPrediction(network),
  });
  if (treadLoss(trail, name)) return trail.ended(undefined);
  // What a shim of the host's takes from its siblings never shows on the parent.
  const isShim = trail.world.host?.name === name;
  return atTarget(trail, name, isShim ? undefined : (trail.world.deviceOf(name, trail.packet.destination) ?? 'eth0'));
}

/** A parent hands its lack of a carrier down to the links on it, which then send nothing, not even to each other. */
function withoutCarrier(
  { world }: Trail,
  { node, device, network }: { node: string; device: string; network: NetworkFact | undefined },
): readonly Trodden[] {
  const own = world.link(node, device);
  if (own?.carrier !== false || !own.adminUp || network?.parent === undefined) return [];
  const host = world.host?.name ?? 'host';
  const predicted = blocks({ kind: 'no-carrier-on-parent', parent: network.parent, node, device });
  return [{ hop: 'parent', node: host, text: network.parent, predicted }];
}

/** Where br_netfilter is at work, what a bridge passes from port to port crosses the host's FORWARD hook as well. */
function acrossBridge(trail: Trail, { parent = '' }: NetworkFact): readonly Trodden[] {
  const node = trail.world.host?.name ?? 'host';
  if (trail.world.sysctl(node, 'net.bridge.bridge-nf-call-iptables') !== '1') return [];
  const crossing = { ...trail.packet, inDevice: parent, outDevice: parent, state: trail.tracked };
  const hop = filterHop(trail.world, { hop: 'host-forward', node, hooks: ['forward'] }, crossing);
  return hop.predicted.verdict === 'passes' ? [] : [hop];
}

export function isHostOnParent(trail: Trail, found: NextHop | undefined, network: NetworkFact | undefined): boolean {
  const { host } = trail.world;
  if (found?.kind !== 'on-link' || network?.driver === 'bridge') return false;
  return host?.addresses.some((own) => sameAddress(own, trail.packet.destination)) ?? false;
}

export function onLinkToHost(trail: Trail, node: string, found: NextHop | undefined): string {
  trail.tread({
    hop: 'container-route',
    node,
    text: found ? routeText(found) : '',
    predicted: PASSES,
    asks: trail.packet.destination,
  });
  return trail.packet.destination;
}

/** L2 and macvlan: the frame goes to the parent as it is, past everything the host has. */
export function byParent(trail: Trail, network: NetworkFact | undefined, next: string): Leg {
  const dummy = onDummy(trail, network, next);
  if (dummy) return dummy;
  const { world } = trail;
  const [host, parent] = [world.host?.name ?? 'host', network?.parent ?? ''];
  const predicted = linkPrediction(world, host, parent);
  const vantage = { node: host, device: parent, direction: 'out' as const };
  trail.tread(...onLinkItself(trail, { node: host, device: parent, way: 'egress' }), {
    // A parent that is down is what stops it, not the driver on it.
    hop: predicted.verdict === 'blocks' ? 'parent' : 'ipvlan',
    node: host,
    text: `${network?.driver} ${network?.mode ?? ''} on ${parent}`,
    predicted,
    vantage,
    asks: next,
    asker: trail.packet.source,
  });
  if (!world.host?.addresses.some((own) => sameAddress(own, next)))
    return onWire(trail, { node: host, device: parent }, next);
  const apart = blocks({ kind: 'host-apart', device: parent, driver: network?.driver ?? '' });
  trail.tread({ hop: 'parent', node: host, text: parent, predicted: apart });
  return trail.ended(undefined);
}

export function throughBridge(trail: Trail, network: NetworkFact): Leg {
  const host = trail.world.host?.name ?? 'host';
  const inDevice = network.parent ?? '';
  trail.tread({ hop: 'ipvlan', node: host, text: `bridge ${inDevice || network.name}`, predicted: PASSES });
  return trail.world.isOwn(host, trail.packet.destination)
    ? atTarget(trail, host, inDevice)
    : forward(trail, host, { inDevice });
}

import type { ContainerFact, Link, NetworkFact } from '../../evidence/facts.js';
import { familyOf, sameAddress } from '../../ip.js';
import { lookup } from '../../network/fib.js';
import type { Hop } from '../hop.js';
import { isPrivate, linkPrediction, filterHop } from './hops.js';
import { atTarget, reversePath } from './at-target.js';
import { hostInputForContainer } from './host-hooks.js';
import { blocks, PASSES, unknown, type Leg, type Trodden } from './leg.js';
import { treadLoss, treadOwnAddress, treadRivals, treadStale, treadTheft } from './mix-up.js';
import { tooBig } from './mtu.js';
import { onLinkItself } from './on-link.js';
import { sourceNat } from '../../network/source-nat.js';
import type { Trail } from './trail.js';
import type { Reason } from '../reason.js';
import { isLayer3, type Holder, type World } from '../../network/world.js';

/** How a packet leaves a node: by which link, to which next hop. */
interface Exit {
  readonly device: string;
  readonly next: string;
}

/** Nodes a packet may pass before it counts as going in circles. */
const PATIENCE = 6;

/** Out of a node's link, on to whoever holds the next hop. */
export function leave(trail: Trail, node: string, { device, next }: Exit): Leg {
  const outside = trail.world.node(node)?.kind === 'gateway' && leadsOutside(trail, node, next);
  const big = tooBig(trail.world, { node, device }, trail.packet);
  const predicted = big === undefined ? linkPrediction(trail.world, node, device) : blocks(big);
  const hop: Hop = outside ? 'uplink' : 'lan';
  trail.tread({ hop, node, text: device, predicted, vantage: { node, device, direction: 'out' }, asks: next });
  const own = trail.world.node(node)?.kind === 'host' ? trail.world.containerAt(next) : undefined;
  const network = own && trail.world.networkOf(own, next);
  if (own && network?.parent === device) return fromHostToOwn(trail, { node, device, next }, network);
  return onWire(trail, { node, device }, next);
}

/** What the host passes on to a container of its own: a bridge delivers it, a parent never hears itself. */
function fromHostToOwn(trail: Trail, { node, device, next }: Exit & { node: string }, network: NetworkFact): Leg {
  const { world } = trail;
  const own = world.containerAt(next)?.name ?? '';
  if (network.driver === 'bridge') return atTarget(trail, own, world.deviceOf(own, next) ?? 'eth0');
  if (isLayer3(network)) return onWire(trail, { node, device }, next);
  const predicted = blocks({ kind: 'host-apart', device, driver: network.driver });
  trail.tread({ hop: 'parent', node, text: device, predicted });
  return trail.ended(undefined);
}

export function leadsOutside(trail: Trail, node: string, next: string): boolean {
  return trail.world.holder(next, node)?.node.kind === 'internet';
}

/** Names the gateway's lookup by what it is for: containers, or the rest of the world. */
export function routeHop(trail: Trail, node: string): Hop {
  const kind = trail.world.node(node)?.kind;
  if (kind === 'host') return 'host-route';
  if (kind === 'container') return 'container-route';
  if (kind !== 'gateway') return 'far-route';
  return trail.world.containerAt(trail.packet.destination) ? 'gateway-route-back' : 'gateway-route';
}

/** From a node's link to whoever holds the next hop, if both are on one VLAN and the switch carries it. */
export function onWire(trail: Trail, from: Holding, next: string): Leg {
  const holder = trail.world.holder(next, from.node);
  // Nobody can look into a switch: what lies between two vantage points is a place of its own.
  if (trail.world.node(from.node)?.kind === 'host')
    trail.tread({ hop: 'lan', node: from.node, text: 'the wire', predicted: PASSES });
  const to = holder ? behindHost(trail, holder) : whereItWas(trail, next);
  if (!to) return trail.ended(undefined);
  const apart = otherVlan(trail.world, from, { node: to.node.name, device: to.device });
  if (apart !== undefined)
    trail.tread({ hop: 'lan', node: from.node, text: from.device, predicted: blocks(apart), asks: next });
  const big = tooBig(trail.world, { node: to.node.name, device: to.device }, trail.packet);
  if (big !== undefined) trail.tread({ hop: 'lan', node: from.node, text: from.device, predicted: blocks(big) });
  treadOwnAddress(trail, from, next);
  treadRivals(trail, from, next);
  treadStale(trail, from, next);
  const router = holder && isRouter(trail, holder, next) ? holder : undefined;
  return router ? throughContainer(trail, to, { router, next }) : arrive(trail, to);
}

/** Whether a packet goes to a container that is to pass it on: it is the next hop, and not meant itself. */
function isRouter({ world, packet, translations }: Trail, { node }: Holder, next: string): boolean {
  const meant = sameAddress(packet.destination, next) || world.isOwn(node.name, packet.destination);
  return node.kind === 'container' && !meant && !translations.has(packet.destination);
}

/** The host hands it to the container as it is, and the container routes it by its own routes, filter and sysctls. */
function throughContainer(
  trail: Trail,
  { node, device }: Holder,
  { router, next }: { readonly router: Holder; readonly next: string },
): Leg {
  const vantage = { node: node.name, device, direction: 'in' as const };
  const predicted = linkPrediction(trail.world, node.name, device);
  trail.tread({ hop: 'parent', node: node.name, text: device, predicted, vantage });
  trail.tread(...onLinkItself(trail, { node: node.name, device, way: 'ingress' }));
  const name = router.node.name;
  trail.tread({ hop: 'ipvlan', node: node.name, text: `to ${name}`, predicted: PASSES });
  return forward(trail, name, { inDevice: router.device || (trail.world.deviceOf(name, next) ?? 'eth0') });
}

/** A link of a node, by their names. */
interface Holding {
  readonly node: string;
  readonly device: string;
}

/** Why frames between two links are lost although they are on one switch. */
function otherVlan(world: World, from: Holding, to: Holding): Reason | undefined {
  const [own, other] = [world.link(from.node, from.device), world.link(to.node, to.device)];
  if (!own || !other) return undefined;
  const end = ({ node, device }: Holding, { vlan }: Link) => ({ node, device, vlan });
  if (own.vlan !== other.vlan) return { kind: 'other-vlan', ends: [end(from, own), end(to, other)] };
  const silent = [from, to].find(({ node, device }) => world.tagIsSilent(node, device));
  return silent && { kind: 'vlan-unanswered', ...end(silent, own) };
}

/** What a container on the parent answers for comes in by the host's parent. */
export function behindHost(trail: Trail, holder: Holder): Holder {
  const { host } = trail.world;
  const container = holder.node.kind === 'container' ? trail.world.container(holder.node.name) : undefined;
  const network = container && trail.world.networkOf(container, trail.packet.destination);
  return host && network?.parent !== undefined && network.driver !== 'bridge'
    ? { node: host, device: network.parent }
    : holder;
}

/** An address that a container has lost is asked for where it was. */
function whereItWas(trail: Trail, next: string): Holder | undefined {
  const { world } = trail;
  const container = sameAddress(next, trail.packet.destination) ? world.containerAt(next) : undefined;
  const node = container && world.node(container.name);
  return node && behindHost(trail, { node, device: 'eth0' });
}

export function arrive(trail: Trail, { node, device }: Holder): Leg {
  if (node.kind === 'host') return arriveAtHost(trail, node.name, device);
  const translated = trail.translations.get(trail.packet.destination);
  if (translated?.node === node.name) return translateBack(trail, node.name, { device, original: translated.original });
  const { destination } = trail.packet;
  if (node.addresses.some((own) => sameAddress(own, destination)) || trail.world.isOwn(node.name, destination))
    return atTarget(trail, node.name, device);
  return forward(trail, node.name, { inDevice: device });
}

export function arriveAtHost(trail: Trail, node: string, device: string): Leg {
  const { world } = trail;
  const { destination } = trail.packet;
  const container = takerAt(trail, device);
  const network = container && world.networkOf(container, destination);
  if (container && network && network.driver !== 'bridge' && network.parent === device) {
    trail.tread({
      hop: 'parent',
      node,
      text: device,
      predicted: linkPrediction(world, node, device),
      vantage: { node, device, direction: 'in' },
    });
    trail.tread(...onLinkItself(trail, { node, device, way: 'ingress' }));
    return handOver(trail, { node, device }, { container, network });
  }
  const translated = trail.translations.get(destination);
  if (translated?.node === node) return translateBack(trail, node, { device, original: translated.original });
  if (world.host?.addresses.some((own) => sameAddress(own, destination)) || world.isOwn(node, destination)) {
    return takenByHost(trail, node, device);
  }
  return forward(trail, node, { inDevice: device });
}

/** From the parent to a container on it, as its driver and mode have it. */
function handOver(
  trail: Trail,
  { node, device }: Holding,
  { container, network }: { readonly container: ContainerFact; readonly network: NetworkFact },
): Leg {
  const text = `${network.driver} ${network.mode ?? ''} on ${device}`;
  if (network.mode !== 'l3s') {
    trail.tread({ hop: 'ipvlan', node, text, predicted: PASSES });
    if (treadLoss(trail, container.name)) return trail.ended(undefined);
    return atTarget(trail, container.name, trail.world.deviceOf(container.name, trail.packet.destination) ?? 'eth0');
  }
  trail.tread(hostInputForContainer(trail, node, device));
  if (treadLoss(trail, container.name)) return trail.ended(undefined);
  // What is handed over by the host's IP layer never shows on the container's own interface.
  return atTarget(trail, container.name, undefined);
}

/** What is meant for the host itself is seen to come in, whoever takes it then. */
function takenByHost(trail: Trail, node: string, device: string): Leg {
  if (!trail.world.thiefOf(device)) return atTarget(trail, node, device);
  const vantage = { node, device, direction: 'in' as const };
  trail.tread({ hop: 'parent', node, text: device, predicted: linkPrediction(trail.world, node, device), vantage });
  trail.tread(...onLinkItself(trail, { node, device, way: 'ingress' }));
  treadTheft(trail, node, device);
  return atTarget(trail, node, undefined);
}

/**
 * The container that takes what comes in by a parent: whoever holds the address there, unless that is a shim of the host's.
 * What answers the host, and meets a container instead, is lost.
 */
function takerAt({ world, begins, packet: { destination } }: Trail, parent: string): ContainerFact | undefined {
  const holder = begins ? world.heldOn(parent, destination)?.node.name : undefined;
  return holder === undefined ? world.containerAt(destination) : world.container(holder);
}

/** Where the source was changed on the way out, the answer's destination is changed back. */
export function translateBack(
  trail: Trail,
  node: string,
  { device, original }: { readonly device: string; readonly original: string },
): Leg {
  const hop: Hop = trail.world.node(node)?.kind === 'host' ? 'host-input' : 'gateway-nat';
  trail.tread({
    hop,
    node,
    text: `${trail.packet.destination} is ${original} again`,
    predicted: PASSES,
    vantage: { node, device, direction: 'in' },
  });
  // What hangs on the link sees it as it comes in.
  trail.tread(...onLinkItself(trail, { node, device, way: 'ingress' }));
  trail.packet = { ...trail.packet, destination: original };
  // In L3S that comes before the question whose it is, so that the container gets it after all.
  const container = trail.world.containerAt(original);
  const network = container && trail.world.networkOf(container, original);
  return container && network?.mode === 'l3s' && network.parent === device
    ? handOver(trail, { node, device }, { container, network })
    : forward(trail, node, { inDevice: device, seen: true });
}

export function forward(
  trail: Trail,
  node: string,
  { inDevice, seen = false }: { readonly inDevice: string; readonly seen?: boolean },
): Leg {
  if (++trail.passed > PATIENCE) {
    trail.tread({
      hop: routeHop(trail, node),
      node,
      text: 'again',
      predicted: blocks({ kind: 'routing-loop', node }),
    });
    return trail.ended(undefined);
  }
  const { world } = trail;
  const kind = world.node(node)?.kind;
  if (!seen) {
    const vantage = { node, device: inDevice, direction: 'in' } as const;
    const hop = kind === 'host' ? 'parent' : kind === 'container' ? 'container' : 'gateway';
    trail.tread({ hop, node, text: inDevice, predicted: PASSES, vantage });
    trail.tread(...onLinkItself(trail, { node, device: inDevice, way: 'ingress' }));
  }
  trail.tread(...reversePath(trail, node, inDevice));
  const fib = world.fib(node);
  const found = fib && lookup(fib, { ...trail.packet, inDevice });
  const outDevice = found && 'device' in found ? found.device : '';
  const uplink = world.uplinkOf(node)?.name ?? '';
  const next = trail.route({ hop: routeHop(trail, node), node, device: outDevice || uplink }, found);
  trail.tread(forwarding(trail, node, { inDevice, outDevice }));
  if (next === undefined) {
    const down = linkPrediction(world, node, uplink);
    if (outDevice === '' && down.verdict === 'blocks')
      trail.tread({ hop: 'uplink', node, text: uplink, predicted: down });
    return trail.ended(undefined);
  }
  translate(trail, node, { device: outDevice, next });
  return leave(trail, node, { device: outDevice, next });
}

export function forwarding(
  trail: Trail,
  node: string,
  { inDevice, outDevice }: { readonly inDevice: string; readonly outDevice: string },
): Trodden {
  const kind = trail.world.node(node)?.kind;
  const isHost = kind === 'host';
  const hop: Hop = isHost ? 'host-forward' : kind === 'container' ? 'container-firewall' : 'gateway-forward';
  const forwards = trail.world.forwards(node, trail.packet.destination);
  if (forwards === false) return { hop, node, text: 'FORWARD', predicted: blocks({ kind: 'forwarding-off', node }) };
  // A bridge network's host sees both directions; a gateway may see one of them only.
  const state = isHost ? trail.tracked : trail.trackedAt(node);
  const crossing = { ...trail.packet, inDevice, outDevice, state };
  const filter = filterHop(trail.world, { hop, node, hooks: ['forward'] }, crossing);
  return forwards === undefined && filter.predicted.verdict === 'passes'
    ? { ...filter, predicted: unknown({ kind: 'forwarding', node }) }
    : filter;
}

/** Source NAT on the way out. Private addresses that leave for the internet untranslated get no answer. */
export function translate(trail: Trail, node: string, { device, next }: Exit): void {
  if (!trail.begins) return;
  const { source, destination } = trail.packet;
  const outside = leadsOutside(trail, node, next) && isPrivate(source) && familyOf(source) === 4;
  const firewall = trail.world.firewall(node);
  const kind = trail.world.node(node)?.kind;
  const hop: Hop = kind === 'host' ? 'host-output' : kind === 'container' ? 'container-firewall' : 'gateway-nat';
  if (!firewall) {
    if (outside) trail.tread({ hop, node, text: 'not seen', predicted: unknown({ kind: 'nat-rules', node }) });
    return;
  }
  const { answer } = sourceNat(firewall, { source, device, destination });
  const own = trail.world.addressOn(node, { device, like: destination });
  if (answer === 'yes' && own !== undefined) {
    trail.tread({ hop, node, text: `${source} becomes ${own}`, predicted: PASSES, translatedTo: own });
    trail.packet = { ...trail.packet, source: own };
  } else if (outside) {
    const predicted =
      answer === 'unknown'
        ? unknown({ kind: 'translation', node, source })
        : blocks({ kind: 'not-translated', source });
    trail.tread({
      hop,
      node,
      text: `${source} stays`,
      predicted,
      ...(answer === 'no' ? { wrongSource: [source] } : {}),
    });
  }
}

import type { NodeFact } from '../../evidence/facts.js';
import { contains, familyOf, isPrivate, subnetOf } from '../../ip.js';
import { destinationNat } from '../../network/destination-nat.js';
import { sourceNat } from '../../network/source-nat.js';
import type { Hop } from '../hop.js';
import type { Interface } from '../path.js';
import { reversePath } from './at-target.js';
import { filterHop, linkPrediction } from './hops.js';
import { leadsOutside } from './leave.js';
import { blocks, PASSES, unknown, type PredictedHop } from './leg.js';
import { LOST, type Exit, type Move } from './move.js';
import { onLinkItself } from './on-link.js';
import { byRoute, routeHop } from './route.js';
import type { Trail } from './trail.js';

/** Nodes a packet may pass before it counts as going in circles. */
const PATIENCE = 6;

/** Through a node that routes it: its reverse path filter, its routes, its FORWARD hook and its source NAT. */
export function forward(trail: Trail, { node, inDevice, seen }: Extract<Move, { kind: 'forward' }>): Move {
  const { links, names, routing } = trail.network;
  if (++trail.passed > PATIENCE) {
    const predicted = blocks({ kind: 'routing-loop', node });
    trail.add({ hop: routeHop(trail, node), node, text: 'again', predicted });
    return LOST;
  }
  if (!seen) comeIn(trail, node, inDevice);
  trail.add(...redirected(trail, node, inDevice));
  trail.add(...reversePath(trail, { node, device: inDevice }));
  const found = routing.lookup(node, { ...trail.packet, inDevice });
  const outDevice = found && 'device' in found ? found.device : '';
  const router = names.node(node);
  const uplink = (router && links.uplinks(router)[0]?.name) ?? '';
  const next = byRoute(trail, { hop: routeHop(trail, node), node, device: outDevice || uplink }, found);
  trail.add(forwarding(trail, node, { inDevice, outDevice }));
  if (next !== undefined) {
    const exit = { node, device: outDevice, next };
    translate(trail, exit);
    return { ...exit, kind: 'leave' };
  }
  const down = linkPrediction(trail.network, node, uplink);
  if (outDevice === '' && down.verdict === 'blocks') trail.add({ hop: 'uplink', node, text: uplink, predicted: down });
  return LOST;
}

function comeIn(trail: Trail, node: string, device: string): void {
  const kind = trail.network.names.node(node)?.kind;
  const hop = kind === 'host' ? 'parent' : kind === 'container' ? 'container' : 'gateway';
  trail.add({ hop, node, text: device, predicted: PASSES, vantage: { node, device, direction: 'in' } });
  trail.add(...onLinkItself(trail, { node, device, way: 'ingress' }));
}

/** The node's rule that sends a request elsewhere than to its target, before any route counts. */
function redirected({ network, packet, begins }: Trail, node: string, inDevice: string): readonly PredictedHop[] {
  const firewall = network.firewall(node);
  const redirect = begins && firewall ? destinationNat(firewall, { ...packet, inDevice }) : undefined;
  if (!redirect) return [];
  const { by, to } = redirect;
  const { destination } = packet;
  const predicted = blocks({ kind: 'redirected', node, destination, by, ...(to === undefined ? {} : { to }) });
  const hop = REDIRECT_HOPS[network.names.node(node)?.kind ?? 'gateway'] ?? 'gateway';
  return [{ hop, node, text: 'PREROUTING', predicted }];
}

const REDIRECT_HOPS: Readonly<Partial<Record<NodeFact['kind'], Hop>>> = {
  host: 'host-input',
  container: 'container-firewall',
};

/** Whether the node forwards at all, and its FORWARD hook lets the packet through. */
function forwarding(
  trail: Trail,
  node: string,
  { inDevice, outDevice }: { readonly inDevice: string; readonly outDevice: string },
): PredictedHop {
  const { names, routing } = trail.network;
  const kind = names.node(node)?.kind;
  const hop = HOPS[kind ?? 'gateway'] ?? 'gateway-forward';
  const forwards = routing.forwards(node, trail.packet.destination);
  if (forwards === false) return { hop, node, text: 'FORWARD', predicted: blocks({ kind: 'forwarding-off', node }) };
  // A bridge network's host sees both directions; a gateway may see one of them only.
  const state = kind === 'host' ? trail.tracked : trail.trackedAt(node);
  const crossing = { ...trail.packet, inDevice, outDevice, state };
  const filter = filterHop(trail.network, { hop, node, hooks: ['forward'] }, crossing);
  return forwards === undefined && filter.predicted.verdict === 'passes'
    ? { ...filter, predicted: unknown({ kind: 'forwarding', node }) }
    : filter;
}

const HOPS: Readonly<Partial<Record<NodeFact['kind'], Hop>>> = {
  host: 'host-forward',
  container: 'container-firewall',
};

const NAT_HOPS: Readonly<Partial<Record<NodeFact['kind'], Hop>>> = {
  host: 'host-output',
  container: 'container-firewall',
};

/** Source NAT in the forward direction. Private addresses that leave for the internet untranslated get no reply. */
function translate(trail: Trail, { node, device, next }: Exit): void {
  if (!trail.begins) return;
  const { source, destination } = trail.packet;
  const { names, addresses } = trail.network;
  const isPrivateSource = isPrivate(source) && familyOf(source) === 4;
  const outside = isPrivateSource && (leadsOutside(trail, node, next) || entersTunnel(trail, { node, device }));
  const firewall = trail.network.firewall(node);
  const hop = NAT_HOPS[names.node(node)?.kind ?? 'gateway'] ?? 'gateway-nat';
  if (!firewall) {
    if (outside) trail.add({ hop, node, text: 'not seen', predicted: unknown({ kind: 'nat-rules', node }) });
    return;
  }
  const { answer } = sourceNat(firewall, { source, device, destination });
  const own = addresses.addressOn(node, { device, like: destination });
  if (answer === 'yes' && own !== undefined) {
    trail.add({ hop, node, text: `${source} becomes ${own}`, predicted: PASSES, translatedTo: own });
    trail.packet = { ...trail.packet, source: own };
  } else if (outside) trail.add({ hop, node, text: `${source} stays`, ...untranslated(node, source, answer) });
}

/** Whether a container forwards to the internet by a link of its own, such as a tunnel, whose far end has no route to others' sources. */
function entersTunnel({ network: { names, addresses, links }, packet }: Trail, { node, device }: Interface): boolean {
  const container = names.container(node);
  if (!container || isPrivate(packet.destination) || !addresses.isOwnLink(container, device)) return false;
  const near = (links.link(node, device)?.addresses ?? []).map(subnetOf);
  return !near.some((subnet) => contains(subnet, packet.source));
}

function untranslated(
  node: string,
  source: string,
  answer: 'yes' | 'no' | 'unknown',
): Pick<PredictedHop, 'predicted' | 'wrongSource'> {
  if (answer === 'unknown') return { predicted: unknown({ kind: 'translation', node, source }) };
  const predicted = blocks({ kind: 'not-translated', source });
  return answer === 'no' ? { predicted, wrongSource: [source] } : { predicted };
}

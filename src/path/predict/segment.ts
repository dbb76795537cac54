import type { Link } from '../../evidence/facts.js';
import { sameAddress } from '../../ip.js';
import type { Holder } from '../../network/addresses.js';
import type { Interface } from '../path.js';
import { addOwnAddress, addOtherHolders, addStaleEntry } from './conflict.js';
import { linkPrediction } from './hops.js';
import { blocks, PASSES, type PredictedHop } from './leg.js';
import { LOST, type Exit, type Move } from './move.js';
import { tooBig } from './mtu.js';
import { onLinkItself } from './on-link.js';
import type { Trail } from './trail.js';

/** From a node's link to the node that holds the next hop, if both are on one VLAN and the switch carries it. */
export function onSegment(trail: Trail, exit: Exit): Move {
  const { node, device, next } = exit;
  const holder = trail.holder(next, node);
  // Nothing can look into a switch: what lies between two vantage points is a place of its own.
  if (trail.network.names.node(node)?.kind === 'host')
    trail.add({ hop: 'lan', node, text: 'the wire', predicted: PASSES });
  const to = holder ? behindHost(trail, holder, next) : whereItWas(trail, next);
  if (!to) return LOST;
  const into = { node: to.node.name, device: to.device };
  trail.add(...acrossVlans(trail, exit, into), ...alongWire(trail, exit, into));
  const big = tooBig(trail.network, into, trail.packet);
  if (big !== undefined) trail.add({ hop: 'lan', node, text: device, predicted: blocks(big) });
  addOwnAddress(trail, exit);
  addOtherHolders(trail, exit);
  addStaleEntry(trail, exit);
  const router = holder && isRouter(trail, holder, next) ? holder : undefined;
  return router ? throughContainer(trail, into, { router, next }) : { kind: 'arrive', holder: to };
}

/** Whether a packet goes to a container that is to pass it on: it is the next hop, and not meant itself. */
function isRouter({ network, packet, translations }: Trail, { node }: Holder, next: string): boolean {
  const meant = sameAddress(packet.destination, next) || network.addresses.isOwn(node.name, packet.destination);
  return node.kind === 'container' && !meant && !translations.has(packet.destination);
}

/** The host hands it to the container as it is, and the container routes it by its own routes, filter and sysctls. */
function throughContainer(
  trail: Trail,
  parent: Interface,
  { router, next }: { readonly router: Holder; readonly next: string },
): Move {
  const { node, device } = parent;
  const vantage = { node, device, direction: 'in' as const };
  const predicted = linkPrediction(trail.network, node, device);
  trail.add({ hop: 'parent', node, text: device, predicted, vantage });
  trail.add(...onLinkItself(trail, { node, device, way: 'ingress' }));
  const { names, addresses } = trail.network;
  const name = router.node.name;
  const container = names.container(name);
  const driver = container && addresses.networkOf(container, next)?.driver;
  trail.add({ hop: 'ipvlan', node, text: `to ${name}`, ...(driver ? { driver } : {}), predicted: PASSES });
  return {
    kind: 'forward',
    node: name,
    inDevice: router.device || (addresses.deviceOf(name, next) ?? 'eth0'),
  };
}

/** Frames between two links of different VLANs are lost although both are on one switch. */
function acrossVlans({ network: { links } }: Trail, exit: Exit, into: Interface): readonly PredictedHop[] {
  const { node, device, next } = exit;
  const [own, other] = [links.link(node, device), links.link(into.node, into.device)];
  if (!own || !other) return [];
  const at = { hop: 'lan', node, text: device, asks: next } as const;
  const end = (one: Interface, { vlan }: Link) => ({ node: one.node, device: one.device, vlan });
  if (own.vlan !== other.vlan)
    return [{ ...at, predicted: blocks({ kind: 'other-vlan', ends: [end(exit, own), end(into, other)] }) }];
  if (own.vlan === undefined) return [];
  const open = { kind: 'vlan-unanswered', vlan: own.vlan, links: [{ node, device }, into] } as const;
  return [{ ...at, predicted: PASSES, open }];
}

/** What is assumed between the host's parent and the others, which drops what comes from there or goes to it. */
function alongWire({ network, packet }: Trail, exit: Exit, into: Interface): readonly PredictedHop[] {
  const { names, addresses, links } = network;
  const host = names.hostName;
  if ((exit.node === host) === (into.node === host)) return [];
  const way = exit.node === host ? 'out' : 'in';
  const [device, address] = way === 'out' ? [exit.device, packet.source] : [into.device, packet.destination];
  const container = addresses.containerAt(address);
  const mac = (container ? addresses.linkWith(container.name, address) : links.link(host, device))?.mac;
  const neighbour = way === 'out' ? into.node : exit.node;
  const filter = network.onWire({ way, parent: device, address, mac, neighbour });
  if (filter === undefined) return [];
  const predicted = blocks({ kind: 'dropped-on-wire', device, address, arp: filter.arp });
  return [{ hop: 'lan', node: exit.node, text: device, predicted, ...(filter.arp ? { asks: exit.next } : {}) }];
}

/** What a container on the parent answers for comes in through the host's parent. */
function behindHost({ network: { names, addresses } }: Trail, holder: Holder, next: string): Holder {
  const container = holder.node.kind === 'container' ? names.container(holder.node.name) : undefined;
  const network = container && addresses.networkOf(container, next);
  return names.host && network?.parent !== undefined && network.driver !== 'bridge'
    ? { node: names.host, device: network.parent }
    : holder;
}

/** An address that a container has lost is asked for where it was. */
function whereItWas(trail: Trail, next: string): Holder | undefined {
  const { names, addresses } = trail.network;
  const container = sameAddress(next, trail.packet.destination) ? addresses.containerAt(next) : undefined;
  const node = container && names.node(container.name);
  return node && behindHost(trail, { node, device: 'eth0' }, next);
}

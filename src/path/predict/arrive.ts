import type { ContainerFact, NetworkFact } from '../../evidence/facts.js';
import { sameAddress } from '../../ip.js';
import type { Holder } from '../../network/addresses.js';
import { hostAddressTaken } from '../../network/holders.js';
import type { Hop } from '../hop.js';
import type { Interface } from '../path.js';
import { addLostAddress, addTakenByContainer } from './conflict.js';
import { linkPrediction, linkText } from './hops.js';
import { hostInputForContainer } from './host-hooks.js';
import { PASSES } from './leg.js';
import { deliver, LOST, type Move } from './move.js';
import { onLinkItself } from './on-link.js';
import type { Trail } from './trail.js';

/** In by a link of the node that answered for the next hop: it is meant for the node, translated there, or routed on. */
export function arrive(trail: Trail, { node: { name, kind, addresses }, device }: Holder): Move {
  if (kind === 'host') return arriveAtHost(trail, { node: name, device });
  const { destination } = trail.packet;
  const translated = trail.translations.get(destination);
  if (translated?.node === name) return translateBack(trail, { node: name, device }, translated.original);
  const isMeant = addresses.some((own) => sameAddress(own, destination));
  if (isMeant || trail.network.addresses.isOwn(name, destination)) return deliver(name, device);
  return { kind: 'forward', node: name, inDevice: device };
}

function arriveAtHost(trail: Trail, link: Interface): Move {
  const { names, addresses } = trail.network;
  const { node, device } = link;
  const { destination } = trail.packet;
  const container = takerAt(trail, device);
  const network = container && addresses.networkOf(container, destination);
  if (container && network && network.driver !== 'bridge' && network.parent === device) {
    addParent(trail, link);
    return handOver(trail, link, { container, network });
  }
  const translated = trail.translations.get(destination);
  if (translated?.node === node) return translateBack(trail, link, translated.original);
  if (names.host?.addresses.some((own) => sameAddress(own, destination)) || addresses.isOwn(node, destination))
    return takenByHost(trail, link);
  return { kind: 'forward', node, inDevice: device };
}

/** In by the host's parent, and past the filters on it. */
function addParent(trail: Trail, { node, device }: Interface): void {
  const vantage = { node, device, direction: 'in' as const };
  const predicted = linkPrediction(trail.network, node, device);
  trail.add({ hop: 'parent', node, text: linkText(trail.network, node, device), predicted, vantage });
  trail.add(...onLinkItself(trail, { node, device, way: 'ingress' }));
}

/** From the parent to a container on it, as its driver and mode have it. */
function handOver(
  trail: Trail,
  { node, device }: Interface,
  { container, network }: { readonly container: ContainerFact; readonly network: NetworkFact },
): Move {
  const inL3s = network.mode === 'l3s';
  if (inL3s) trail.add(hostInputForContainer(trail, node, device));
  else {
    const text = `${network.driver} ${network.mode ?? ''} on ${device}`;
    trail.add({ hop: 'ipvlan', node, text, predicted: PASSES, driver: network.driver });
  }
  if (addLostAddress(trail, container.name)) return LOST;
  // What is handed over by the host's IP layer never shows on the container's own interface, and passes the host's filter only.
  if (inL3s) return { ...deliver(container.name, undefined), unfiltered: true };
  return deliver(container.name, trail.network.addresses.deviceOf(container.name, trail.packet.destination) ?? 'eth0');
}

/** What is meant for the host itself is seen to come in, also where a container then takes it. */
function takenByHost(trail: Trail, link: Interface): Move {
  if (!hostAddressTaken(trail.network, link.device)) return deliver(link.node, link.device);
  addParent(trail, link);
  addTakenByContainer(trail, link);
  return deliver(link.node, undefined);
}

/**
 * The container that takes what comes in through a parent: the one that holds the address there, unless that is a link of the host's.
 * A reply to the host that meets a container instead is lost.
 */
function takerAt({ network, begins, packet: { destination } }: Trail, parent: string): ContainerFact | undefined {
  const holder = begins ? network.addresses.heldOn(parent, destination)?.node.name : undefined;
  return holder === undefined ? network.addresses.containerAt(destination) : network.names.container(holder);
}

/** Where the source was changed in the forward direction, the reply's destination is changed back. */
function translateBack(trail: Trail, { node, device }: Interface, original: string): Move {
  const { names, addresses } = trail.network;
  const hop: Hop = names.node(node)?.kind === 'host' ? 'host-input' : 'gateway-nat';
  const text = `${trail.packet.destination} is ${original} again`;
  trail.add({ hop, node, text, predicted: PASSES, vantage: { node, device, direction: 'in' } });
  // A filter attached to the link sees it as it comes in.
  trail.add(...onLinkItself(trail, { node, device, way: 'ingress' }));
  trail.packet = { ...trail.packet, destination: original };
  // In L3S the kernel does that before it decides who holds the address, so the container gets it after all.
  const container = addresses.containerAt(original);
  const network = container && addresses.networkOf(container, original);
  return container && network?.mode === 'l3s' && network.parent === device
    ? handOver(trail, { node, device }, { container, network })
    : { kind: 'forward', node, inDevice: device, seen: true };
}

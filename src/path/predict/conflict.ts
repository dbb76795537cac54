import { sameAddress } from '../../ip.js';
import { hostAddressTaken, holdersOf } from '../../network/holders.js';
import { blocks, PASSES } from './leg.js';
import type { Exit } from './move.js';
import type { Interface } from '../path.js';
import type { Trail } from './trail.js';

/**
 * An address given away twice: any holder replies to a ping, but a port, or a reply, is meant for one machine only. Where
 * packets went to both, each packet may reach either.
 */
export function addOtherHolders(trail: Trail, { node: sender, device, next }: Exit): void {
  const { links, addresses } = trail.network;
  const { destination: address, protocol } = trail.packet;
  const meant = addresses.containerAt(address)?.name;
  const answered = protocol === 'icmp' && trail.begins;
  if (meant === undefined || answered || !sameAddress(next, address)) return;
  const ownMac = links.link(meant, addresses.deviceOf(meant, address) ?? 'eth0')?.mac;
  for (const { node, device: behind } of holdersOf(trail.network, address, sender)) {
    const mac = links.link(node.name, behind)?.mac;
    // The host and its IPvlan links have one MAC address: there the receiver decides, not the sender.
    if (node.name === meant || mac === undefined || mac === ownMac) continue;
    const reason = { kind: 'address-conflict', address, meant, holder: node.name, sender } as const;
    const open = { kind: 'which-holder', sender, address, mac, ownMac, reason } as const;
    trail.add({ hop: 'lan', node: sender, text: device, predicted: PASSES, open });
  }
}

/** A node with the sender's address takes a request from there for a forgery, and answers neither it nor its ARP. */
export function addOwnAddress(trail: Trail, { node, device, next }: Exit): void {
  const { source, destination } = trail.packet;
  const asker = trail.network.addresses.containerAt(source)?.name;
  const owner = trail.holder(next, node)?.node;
  if (asker === undefined || owner === undefined || owner.kind === 'container' || !sameAddress(next, destination))
    return;
  if (!holdersOf(trail.network, source, asker).some((one) => one.node.name === owner.name)) return;
  const predicted = blocks({ kind: 'sender-address-held', address: source, by: owner.name });
  trail.add({ hop: 'lan', node, text: device, predicted, asks: next });
}

/** What is sent to a MAC address that no link has is lost. */
export function addStaleEntry(trail: Trail, { node, device, next }: Exit): void {
  const open = { kind: 'stale-neighbour', node, address: next } as const;
  trail.add({ hop: 'lan', node, text: device, predicted: PASSES, open });
}

/** A container with the host's own address takes what comes in for the host. */
export function addTakenByContainer(trail: Trail, { node, device: parent }: Interface): void {
  const taken = hostAddressTaken(trail.network, parent);
  if (!taken) return;
  const predicted = blocks({ kind: 'host-address-taken', parent, address: taken.address, by: taken.by.name });
  trail.add({ hop: 'ipvlan', node, text: parent, predicted });
}

/**
 * The replies to the host's ARP requests are among what it takes. A next hop whose MAC address the host has learned all the
 * same is sent to: its own broadcasts, such as an ARP request of its own, fill in an entry that waits for a reply.
 *
 * @see `arp_process` in the kernel's net/ipv4/arp.c; seen in the lab, where a container reached the one LAN host that asked
 */
export function addTakenReply(trail: Trail, { node, device }: Interface, next: string | undefined): void {
  const taken = hostAddressTaken(trail.network, device);
  if (!taken || next === undefined) return;
  const predicted = blocks({ kind: 'arp-reply-taken', node, next, by: taken.by.name, address: taken.address });
  const open = { kind: 'not-learned', node, address: next } as const;
  trail.add({ hop: 'ipvlan', node, text: device, predicted, open });
}

/**
 * A container that has lost the address Docker gave it answers no ARP for it, and takes nothing in for it.
 *
 * @returns whether it has
 */
export function addLostAddress(trail: Trail, name: string): boolean {
  const { destination } = trail.packet;
  const { names, addresses } = trail.network;
  const container = names.container(name);
  if (!container || !addresses.lacks(container, destination)) return false;
  const predicted = blocks({ kind: 'address-lost', container: name, address: destination });
  trail.add({ hop: 'container-route', node: name, text: 'not local', predicted, asks: destination });
  return true;
}

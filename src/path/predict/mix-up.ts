import { sameAddress } from '../../ip.js';
import { blocks, PASSES } from './leg.js';
import type { Trail } from './trail.js';

/**
 * An address given away twice: whoever holds it answers a ping, but a port, or an answer, is meant for one machine only. Where
 * packets went to both, each flow, and each packet of it, has the luck of the moment.
 */
export function treadRivals(
  trail: Trail,
  from: { readonly node: string; readonly device: string },
  next: string,
): void {
  const { world } = trail;
  const { destination, protocol } = trail.packet;
  const meant = world.containerAt(destination)?.name;
  const answered = protocol === 'icmp' && trail.begins;
  if (meant === undefined || answered || !sameAddress(next, destination)) return;
  const own = world.link(meant, world.deviceOf(meant, destination) ?? 'eth0')?.mac;
  for (const rival of world.holders(destination, from.node)) {
    const mac = world.link(rival.node.name, rival.device)?.mac;
    // The host and its IPvlan links have one hardware address: there it is not to whom, but who takes it in.
    if (rival.node.name === meant || mac === undefined || mac === own) continue;
    const reason = {
      kind: 'address-conflict',
      address: destination,
      meant,
      rival: rival.node.name,
      sender: from.node,
    } as const;
    const wavers = own !== undefined && world.hasSent(from.node, { to: destination, mac: own });
    const taken = world.isTakenFor(rival, destination, from.node) && !wavers;
    if (!taken && !world.hasSent(from.node, { to: destination, mac })) continue;
    trail.tread({
      hop: 'lan',
      node: from.node,
      text: from.device,
      ...(taken ? { predicted: blocks(reason) } : { predicted: PASSES, sometimes: reason }),
      wrongMac: mac,
    });
  }
}

/** Who has the sender's address too takes a question from there for a forgery, and answers neither it nor its ARP. */
export function treadOwnAddress(
  trail: Trail,
  from: { readonly node: string; readonly device: string },
  next: string,
): void {
  const { source, destination } = trail.packet;
  const asker = trail.world.containerAt(source)?.name;
  const owner = trail.world.holder(next, from.node)?.node;
  if (asker === undefined || owner === undefined || owner.kind === 'container' || !sameAddress(next, destination))
    return;
  if (!trail.world.holders(source, asker).some(({ node }) => node.name === owner.name)) return;
  const predicted = blocks({ kind: 'sender-address-held', address: source, by: owner.name });
  trail.tread({ hop: 'lan', node: from.node, text: from.device, predicted, asks: next });
}

/** A hardware address that is remembered and nobody's: what is sent there is lost. */
export function treadStale(trail: Trail, from: { readonly node: string; readonly device: string }, next: string): void {
  const mac = trail.world.nobodysMac(from.node, next);
  if (mac === undefined) return;
  const predicted = blocks({ kind: 'stale-neighbour', node: from.node, address: next, mac });
  trail.tread({ hop: 'lan', node: from.node, text: from.device, predicted, wrongMac: mac });
}

/** A container with the host's own address takes what comes in for the host. */
export function treadTheft(trail: Trail, host: string, parent: string): void {
  const theft = trail.world.thiefOf(parent);
  if (!theft) return;
  const predicted = blocks({ kind: 'host-address-taken', parent, address: theft.address, by: theft.thief });
  trail.tread({ hop: 'ipvlan', node: host, text: parent, predicted });
}

/**
 * The replies to the host's ARP requests are among what it takes. A next hop whose MAC address the host has learned all the
 * same is sent to: its own broadcasts, such as an ARP request of its own, fill in an entry that waits for a reply.
 *
 * @see `arp_process` in the kernel's net/ipv4/arp.c; seen in the lab, where a container reached the one LAN host that asked
 */
export function treadStolenReply(
  trail: Trail,
  { node, device }: { readonly node: string; readonly device: string },
  next: string | undefined,
): void {
  const theft = trail.world.thiefOf(device);
  if (!theft || next === undefined || trail.world.hasLearned(node, next)) return;
  const predicted = blocks({ kind: 'arp-reply-taken', node, next, by: theft.thief, address: theft.address });
  trail.tread({ hop: 'ipvlan', node, text: device, predicted });
}

/**
 * A container that has lost the address Docker gave it answers for it to nobody, and takes nothing in for it.
 *
 * @returns whether it has
 */
export function treadLoss(trail: Trail, name: string): boolean {
  const { destination } = trail.packet;
  const container = trail.world.container(name);
  if (!container || !trail.world.lacks(container, destination)) return false;
  const predicted = blocks({ kind: 'address-lost', container: name, address: destination });
  trail.tread({ hop: 'container-route', node: name, text: 'not local', predicted, asks: destination });
  return true;
}

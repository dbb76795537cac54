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
    const because = `the address ${destination} is answered for by ${rival.node.name} too, and ${from.node} sends there what is meant for ${meant}`;
    const wavers = own !== undefined && world.hasSent(from.node, { to: destination, mac: own });
    const taken = world.isTakenFor(rival, destination, from.node) && !wavers;
    if (!taken && !world.hasSent(from.node, { to: destination, mac })) continue;
    trail.tread({
      hop: 'lan',
      node: from.node,
      text: from.device,
      ...(taken ? { predicted: blocks(because) } : { predicted: PASSES, sometimes: because }),
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
  const because = `the address ${source} is ${owner.name}'s too, which answers nobody who asks from there`;
  trail.tread({ hop: 'lan', node: from.node, text: from.device, predicted: blocks(because), asks: next });
}

/** A hardware address that is remembered and nobody's: what is sent there is lost. */
export function treadStale(trail: Trail, from: { readonly node: string; readonly device: string }, next: string): void {
  const mac = trail.world.nobodysMac(from.node, next);
  if (mac === undefined) return;
  const because = `the neighbour table of ${from.node} has ${next} at ${mac}, which is nobody's hardware address here`;
  trail.tread({ hop: 'lan', node: from.node, text: from.device, predicted: blocks(because), wrongMac: mac });
}

/** A container with the host's own address takes what comes in for the host. */
export function treadTheft(trail: Trail, host: string, parent: string): void {
  const theft = trail.world.thiefOf(parent);
  if (!theft) return;
  const because = `what comes in by ${parent} for ${theft.address} goes to ${theft.thief}, which holds that address too`;
  trail.tread({ hop: 'ipvlan', node: host, text: parent, predicted: blocks(because) });
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
  const because = `the reply to ${node}'s ARP request for ${next} goes to ${theft.thief}, which holds ${theft.address} too`;
  trail.tread({ hop: 'ipvlan', node, text: device, predicted: blocks(because) });
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
  const because = `the address ${destination}, which Docker gave ${name}, is no longer there`;
  trail.tread({ hop: 'container-route', node: name, text: 'not local', predicted: blocks(because), asks: destination });
  return true;
}

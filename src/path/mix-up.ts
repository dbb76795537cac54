import { blocks } from './leg.js';
import type { Trail } from './trail.js';
import type { Holder } from './world.js';

/** An address given away twice: whoever holds it answers a ping, but a port, or an answer, is meant for one machine only. */
export function treadRival(
  trail: Trail,
  from: { readonly node: string; readonly device: string },
  holder: Holder,
): void {
  const { destination, protocol } = trail.packet;
  const meant = trail.world.containerAt(destination)?.name;
  const answered = protocol === 'icmp' && trail.begins;
  if (meant === undefined || meant === holder.node.name || answered) return;
  if (!trail.world.isTakenFor(holder, destination, from.node)) return;
  const wrongMac = trail.world.link(holder.node.name, holder.device)?.mac;
  // The host and its IPvlan links have one hardware address: there it is not to whom, but who takes it in.
  if (wrongMac === trail.world.link(meant, trail.world.deviceOf(meant, destination) ?? 'eth0')?.mac) return;
  const because = `the address ${destination} is answered for by ${holder.node.name} too, and ${from.node} sends there what is meant for ${meant}`;
  trail.tread({
    hop: 'lan',
    node: from.node,
    text: from.device,
    predicted: blocks(because),
    ...(wrongMac ? { wrongMac } : {}),
  });
}

/** A hardware address that is remembered and nobody's: what is sent there is lost. */
export function treadStale(trail: Trail, from: { readonly node: string; readonly device: string }, next: string): void {
  const mac = trail.world.nobodysMac(from.node, next);
  if (mac === undefined) return;
  const because = `the neighbour table of ${from.node} has ${next} at ${mac}, which is nobody's hardware address here`;
  trail.tread({ hop: 'lan', node: from.node, text: from.device, predicted: blocks(because), wrongMac: mac });
}

/** A container with the host's own address takes whatever comes in for the host, answers to its ARP requests included. */
export function treadTheft(trail: Trail, host: string, parent: string): void {
  const theft = trail.world.thiefOf(parent);
  if (!theft) return;
  const because = `what comes in by ${parent} for ${theft.address} goes to ${theft.thief}, which holds that address too`;
  trail.tread({ hop: 'ipvlan', node: host, text: parent, predicted: blocks(because) });
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

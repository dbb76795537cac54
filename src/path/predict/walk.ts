import { containerSends } from './from-container.js';
import { hostSends, internetSends, nodeSends } from './from-node.js';
import type { Leg } from './leg.js';
import { Trail, type Start } from './trail.js';
import type { World } from '../../network/world.js';

/**
 * The way of a packet from one node, as routes, links, rules and driver say: what happens at each place, beyond the first
 * that blocks too, as long as there is a next place to speak of.
 */
export function walk(world: World, { from, ...start }: Start & { readonly from: string }): Leg {
  const trail = new Trail(world, start);
  switch (world.node(from)?.kind) {
    case undefined:
      return trail.ended(undefined);
    case 'container':
      return containerSends(trail, from);
    case 'host':
      return hostSends(trail, from);
    case 'internet':
      return world.fib(from) ? nodeSends(trail, from) : internetSends(trail, from);
    default:
      return nodeSends(trail, from);
  }
}

import type { NetworkState } from '../../network/network-state.js';
import { arrive } from './arrive.js';
import { deliverTo } from './at-target.js';
import { forward } from './forward.js';
import { containerSends } from './from-container.js';
import { hostSends, internetSends, nodeSends } from './from-node.js';
import { outsideSends } from './from-outside.js';
import { leave } from './leave.js';
import type { Leg } from './leg.js';
import type { Move } from './move.js';
import { onSegment } from './segment.js';
import { Trail, type Start } from './trail.js';

/**
 * The path of a packet from one node, as routes, links, rules and driver say: what happens at each place, beyond the first
 * that blocks too, as long as there is a next place to speak of.
 */
export function walk(network: NetworkState, { from, ...start }: Start & { readonly from: string }): Leg {
  const trail = new Trail(network, start);
  let move = sendFrom(trail, from);
  while (move.kind !== 'end') move = goOn(trail, move);
  return trail.endedAt(move.at);
}

function sendFrom(trail: Trail, from: string): Move {
  const { names } = trail.network;
  switch (names.node(from)?.kind) {
    case undefined:
      return outsideSends(trail);
    case 'container':
      return containerSends(trail, from);
    case 'host':
      return hostSends(trail, from);
    case 'internet':
      return internetSends(trail, from);
    default:
      return nodeSends(trail, from);
  }
}

function goOn(trail: Trail, move: Exclude<Move, { kind: 'end' }>): Move {
  switch (move.kind) {
    case 'deliver':
      return deliverTo(trail, move);
    case 'leave':
      return leave(trail, move);
    case 'cross-segment':
      return onSegment(trail, move);
    case 'arrive':
      return arrive(trail, move.holder);
    case 'forward':
      return forward(trail, move);
  }
}

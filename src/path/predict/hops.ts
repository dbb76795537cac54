import type { NetworkFact } from '../../evidence/facts.js';
import { familyOf } from '../../ip.js';
import type { NextHop } from '../../network/fib.js';
import { filtered } from '../../network/filter.js';
import type { Hop } from '../hop.js';
import { blocks, PASSES, unknown, type Crossing, type Trodden } from './leg.js';
import type { Prediction } from '../path.js';
import { isLayer3, type World } from '../../network/world.js';

/** What a lookup says, as `ip route` would. */
export function routeText(hop: NextHop | { readonly kind: 'assumed-on-link'; readonly device: string }): string {
  switch (hop.kind) {
    case 'via':
      return `via ${hop.gateway} dev ${hop.device}`;
    case 'on-link':
      return `dev ${hop.device}`;
    case 'assumed-on-link':
      return `no route by ${hop.device}: taken to be on-link there`;
    case 'local':
      return 'local';
    case 'blocked':
      return hop.type;
    case 'none':
      return 'no route';
  }
}

/** Whether a node's packet filter lets a packet through some hooks. */
export function filterHop(
  world: World,
  { hop, node, hooks }: { readonly hop: Hop; readonly node: string; readonly hooks: readonly string[] },
  packet: Crossing,
): Trodden {
  const firewall = world.firewall(node);
  const text = hooks.join(' and ').toUpperCase();
  if (firewall === undefined) return { hop, node, text, predicted: unknown(`the packet filter of ${node}`) };
  const outcome = filtered(firewall, hooks, packet);
  if (outcome.kind === 'passes') return { hop, node, text, predicted: PASSES };
  const predicted =
    outcome.kind === 'blocks' ? blocks(`${outcome.by} drops it`) : unknown(`what ${outcome.by} matches`);
  return { hop, node, text, predicted };
}

/** Whether a link of a node can carry anything. */
export function linkPrediction(world: World, node: string, device: string): Prediction {
  const link = world.link(node, device);
  if (!link) return unknown(`the state of ${device} on ${node}`);
  if (!link.adminUp) return blocks(`the link ${device} is set down`);
  if (!link.carrier || link.operState === 'LOWERLAYERDOWN' || link.operState === 'DOWN')
    return blocks(`the link ${device} has no carrier`);
  return world.portDown(node) ? blocks(`the switch port of ${node} is set down`) : PASSES;
}

/** Why nobody answers for the next hop of a route, if nobody does. */
export function nextHopPrediction(
  world: World,
  { node, next, device, asTarget }: { node: string; next: string; device: string; asTarget: boolean },
): Prediction {
  if (world.holder(next, node)) return PASSES;
  const container = world.containerAt(next);
  // What has lost its address is asked for all the same.
  if (container && container.name !== node && !isLayer3(world.networkOf(container, next))) return PASSES;
  if (container && container.name !== node)
    return blocks(
      `its next hop ${next} is taken to be on the LAN, where an L3 container never answers for its address`,
    );
  const nobody = asTarget ? `nobody holds ${next}` : `its next hop ${next} is nobody's address`;
  if (world.askedInVain(node, next) || world.isKnownSegment(node, device)) return blocks(nobody);
  return unknown(`who holds ${next}`);
}

/** Addresses the internet has no way back to. */
export function isPrivate(address: string): boolean {
  return familyOf(address) === 4
    ? /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/.test(address)
    : /^f[cd]/i.test(address);
}

/** Whether containers of a network reach each other without leaving the parent. */
export function siblingPrediction(network: NetworkFact | undefined): Prediction {
  if (network?.driver === 'ipvlan' && network.flag === 'private')
    return blocks('flag private keeps containers of one parent apart');
  if (network?.driver === 'ipvlan' && network.flag === 'vepa' && network.mode === 'l2')
    return blocks('flag vepa sends it out to the switch, where both ends have one hardware address');
  if (network?.flag === 'vepa' || network?.mode === 'vepa')
    return unknown('whether the switch sends back what it received (VEPA)');
  return network?.mode === 'private' ? blocks('mode private keeps containers of one parent apart') : PASSES;
}

/**
 * Whether what a container sends another on its parent comes in by the parent first, where captures and filters see it: macvlan
 * hands it over there, IPvlan past it.
 */
export function comesByParent(network: NetworkFact | undefined): network is NetworkFact & { readonly parent: string } {
  return network?.driver === 'macvlan' && network.parent !== undefined && (network.mode ?? 'bridge') === 'bridge';
}

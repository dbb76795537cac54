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
      return `dev ${hop.device}, assumed on-link`;
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
  if (firewall === undefined) return { hop, node, text, predicted: unknown({ kind: 'packet-filter', node }) };
  const outcome = filtered(firewall, hooks, packet);
  if (outcome.kind === 'passes') return { hop, node, text, predicted: PASSES };
  const predicted =
    outcome.kind === 'blocks' ? blocks({ ...outcome.by, node }) : unknown({ kind: 'rule-match', by: outcome.by });
  return { hop, node, text, predicted };
}

/** Whether a link of a node can carry anything. */
export function linkPrediction(world: World, node: string, device: string): Prediction {
  const link = world.link(node, device);
  if (!link) return unknown({ kind: 'link', node, device });
  if (!link.adminUp) return blocks({ kind: 'link-down', node, device });
  if (!link.carrier || link.operState === 'LOWERLAYERDOWN' || link.operState === 'DOWN')
    return blocks({ kind: 'no-carrier', node, device });
  return world.portDown(node) ? blocks({ kind: 'switch-port-down', node }) : PASSES;
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
  if (container && container.name !== node) return blocks({ kind: 'next-hop-in-l3', address: next });
  if (world.askedInVain(node, next) || world.isKnownSegment(node, device))
    return blocks({ kind: 'address-not-held', address: next, as: asTarget ? 'target' : 'next-hop' });
  return unknown({ kind: 'holder', address: next });
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
    return blocks({ kind: 'siblings-apart', setting: 'flag', value: 'private' });
  if (network?.driver === 'ipvlan' && network.flag === 'vepa' && network.mode === 'l2')
    return blocks({ kind: 'siblings-by-switch' });
  if (network?.flag === 'vepa' || network?.mode === 'vepa') return unknown({ kind: 'reflective-relay' });
  return network?.mode === 'private' ? blocks({ kind: 'siblings-apart', setting: 'mode', value: 'private' }) : PASSES;
}

/**
 * Whether what a container sends another on its parent comes in by the parent first, where captures and filters see it: macvlan
 * hands it over there, IPvlan past it.
 */
export function comesByParent(network: NetworkFact | undefined): network is NetworkFact & { readonly parent: string } {
  return network?.driver === 'macvlan' && network.parent !== undefined && (network.mode ?? 'bridge') === 'bridge';
}

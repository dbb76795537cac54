import type { NetworkFact } from '../../evidence/facts.js';
import type { NextHop } from '../../network/fib.js';
import type { NetworkState } from '../../network/network-state.js';
import { filtered } from '../../network/filter.js';
import type { Hop } from '../hop.js';
import { blocks, PASSES, unknown, type Crossing, type PredictedHop } from './leg.js';
import type { Prediction } from '../path.js';

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
  network: NetworkState,
  { hop, node, hooks }: { readonly hop: Hop; readonly node: string; readonly hooks: readonly string[] },
  packet: Crossing,
): PredictedHop {
  const firewall = network.firewall(node);
  const text = hooks.join(' and ').toUpperCase();
  if (firewall === undefined) return { hop, node, text, predicted: unknown({ kind: 'packet-filter', node }) };
  const outcome = filtered(firewall, hooks, packet);
  if (outcome.kind === 'passes') return { hop, node, text, predicted: PASSES };
  const predicted =
    outcome.kind === 'blocks' ? blocks({ ...outcome.by, node }) : unknown({ kind: 'rule-match', by: outcome.by });
  return { hop, node, text, predicted };
}

/** Whether a link of a node can carry anything. */
export function linkPrediction({ names, links }: NetworkState, node: string, device: string): Prediction {
  switch (links.state(node, device)) {
    case undefined:
      return unknown({ kind: 'link', node, device });
    case 'down':
      return blocks({ kind: 'link-down', node, device });
    case 'no-carrier':
      return blocks({ kind: 'no-carrier', node, device });
    case 'up': {
      const ports = names.switchPorts(node).map((port) => links.state(port.node, port.device));
      const areDown = ports.length > 0 && ports.every((state) => state === 'down');
      return areDown ? blocks({ kind: 'switch-port-down', node }) : PASSES;
    }
  }
}

/** A link by its name, with what it is made of: `bond0 (active-backup, eth1 + eth2)`. */
export function linkText({ links }: NetworkState, node: string, device: string): string {
  const made = links.madeOf(node, device);
  if (!made) return device;
  const { controller, legs } = made;
  const below = controller.name === device ? '' : `${controller.name}: `;
  const names = legs.map(({ name }) => name).join(' + ');
  return `${device} (${below}${controller.kind === 'bond' ? (controller.mode ?? 'bond') : 'bridge'}, ${names})`;
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
 * Whether what a container sends another on its parent comes in through the parent first, where captures and filters see it: macvlan
 * hands it over there, IPvlan past it.
 */
export function comesByParent(network: NetworkFact | undefined): network is NetworkFact & { readonly parent: string } {
  return network?.driver === 'macvlan' && network.parent !== undefined && (network.mode ?? 'bridge') === 'bridge';
}

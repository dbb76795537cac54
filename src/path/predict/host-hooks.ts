import type { NetworkFact } from '../../evidence/facts.js';
import type { TrackedState } from '../../network/rule-match.js';
import { filterHop } from './hops.js';
import type { PredictedHop } from './leg.js';
import type { Trail } from './trail.js';

/** OUTPUT and POSTROUTING of the host: what it sends itself passes them. */
export function hostOutput(trail: Trail, node: string, outDevice: string): PredictedHop {
  return outputHop(trail, { node, outDevice, state: undefined });
}

/**
 * The same for what a container sends in L3 or L3S. In L3 the host's connection tracking sees what containers send and
 * nothing of what they receive: their replies, and all that follows a TCP connection's first packet, belong to no
 * connection it has seen. UDP has no order to violate, so that a reply passes for a beginning.
 */
export function hostOutputForContainer(
  trail: Trail,
  { node, outDevice, network }: { node: string; outDevice: string; network: NetworkFact | undefined },
): PredictedHop {
  const { begins, packet } = trail;
  const seesBoth = network?.mode === 'l3s' || outDevice === 'lo';
  if (seesBoth) return outputHop(trail, { node, outDevice, state: trail.tracked });
  const state = begins || packet.protocol === 'udp' ? 'new' : 'invalid';
  const first = outputHop(trail, { node, outDevice, state });
  if (packet.protocol !== 'tcp' || state !== 'new' || first.predicted.verdict !== 'passes') return first;
  const { predicted } = outputHop(trail, { node, outDevice, state: 'invalid' });
  return predicted.verdict === 'blocks' ? { ...first, later: predicted.reason } : first;
}

/** PREROUTING and INPUT of the host: in L3S what comes in for a container crosses them, and they see both directions. */
export function hostInputForContainer(trail: Trail, node: string, inDevice: string): PredictedHop {
  const hop = { hop: 'host-input', node, hooks: ['prerouting', 'input'] } as const;
  return filterHop(trail.network, hop, { ...trail.packet, inDevice, state: trail.tracked });
}

function outputHop(
  trail: Trail,
  { node, outDevice, state }: { node: string; outDevice: string; state: TrackedState | undefined },
): PredictedHop {
  const hop = { hop: 'host-output', node, hooks: ['output', 'postrouting'] } as const;
  return filterHop(trail.network, hop, { ...trail.packet, outDevice, state });
}

import type { NetworkState } from '../../network/network-state.js';
import { sameAddress } from '../../ip.js';
import { PASSES, type PredictedHop } from './leg.js';
import { LOST, type Move } from './move.js';
import type { Trail } from './trail.js';

/** A machine that no fact describes: what it sends to a container comes in through the parent of the container's network. */
export function outsideSends({ network: { names, addresses }, packet: { destination } }: Trail): Move {
  const container = addresses.containerAt(destination);
  const network = container && addresses.networkOf(container, destination);
  if (!names.host || network?.parent === undefined || network.driver === 'bridge') return LOST;
  return { kind: 'arrive', holder: { node: names.host, device: network.parent } };
}

/** A reply to such a machine, as far as the host can be seen: to where it leaves the parent. What is beyond is not known. */
export function asFarAsParent({ names }: NetworkState, hops: readonly PredictedHop[]): readonly PredictedHop[] {
  const out = hops.findIndex(({ vantage }) => vantage?.node === names.hostName && vantage.direction === 'out');
  return out < 0 ? hops : hops.slice(0, out + 1);
}

/** The same hops where the machine is only assumed: then it answers for its address. */
export function withAssumed(hops: readonly PredictedHop[], machine: string): readonly PredictedHop[] {
  return hops.map((hop) => (asksFor(hop, machine) ? { ...hop, predicted: PASSES } : hop));
}

/** Whether a hop is in doubt, or closed, because no node is known that holds an address. */
function asksFor({ predicted }: PredictedHop, machine: string): boolean {
  switch (predicted.verdict) {
    case 'unknown':
      return predicted.missing.kind === 'holder' && sameAddress(predicted.missing.address, machine);
    case 'blocks':
      return predicted.reason.kind === 'address-not-held' && sameAddress(predicted.reason.address, machine);
    case 'passes':
      return false;
  }
}

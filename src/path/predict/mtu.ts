import type { NetworkState } from '../../network/network-state.js';
import type { Interface } from '../path.js';
import type { Reason } from '../reason.js';
import type { PredictedPacket } from './leg.js';

/** Why a packet that must not be fragmented does not get through a link; `undefined` when it does, or that is not known. */
export function tooBig(
  { links }: NetworkState,
  { node, device }: Interface,
  { bytes }: PredictedPacket,
): Reason | undefined {
  const mtu = links.link(node, device)?.mtu;
  if (bytes === undefined || mtu === undefined || bytes <= mtu) return undefined;
  return { kind: 'too-big', node, device, bytes, mtu };
}

import type { Packet } from './leg.js';
import type { Reason } from '../reason.js';
import type { World } from '../../network/world.js';

/** Why a packet that must not be fragmented does not get through a link; `undefined` when it does, or nobody knows. */
export function tooBig(
  world: World,
  { node, device }: { readonly node: string; readonly device: string },
  { bytes }: Packet,
): Reason | undefined {
  const mtu = world.link(node, device)?.mtu;
  if (bytes === undefined || mtu === undefined || bytes <= mtu) return undefined;
  return { kind: 'too-big', node, device, bytes, mtu };
}

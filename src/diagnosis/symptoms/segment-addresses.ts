import { prefixLength } from '../../ip.js';
import type { SegmentSubnet } from '../../network/segments.js';
import type { Observation } from '../observation.js';

/** The address that shows a subnet of a segment. */
export function subnetOnSegment({ node, device, address, subnet }: SegmentSubnet): Observation {
  return { kind: 'address-held', at: { node, device }, address: `${address}/${prefixLength(subnet)}` };
}

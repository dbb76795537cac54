import type { NetworkFact } from '../../evidence/facts.js';
import { contains, familyOf } from '../../ip.js';
import type { NetworkState } from '../../network/network-state.js';
import { isLayer3 } from '../../network/networks.js';
import { isWider, segmentOf, type SegmentSubnet } from '../../network/segments.js';
import type { Flow } from '../flow.js';
import { crossesParent, farAddress, subnetOfFlow } from '../flow-questions.js';

/** A failing flow of a container whose subnet ends elsewhere than that of its LAN. */
export interface PrefixMismatch extends Flow {
  readonly network: NetworkFact;
  readonly subnet: string;
  /** The LAN's own subnet, and which machine shows it. */
  readonly segment: SegmentSubnet;
  /** `wide`: takes addresses behind the gateway for neighbours; `narrow`: leaves the gateway out. */
  readonly how: 'wide' | 'narrow';
  /** The gateway, where it is known. */
  readonly gateway: string | undefined;
}

/** How a container's subnet differs from that of its LAN, where that makes a flow fail. */
export function prefixMismatch(state: NetworkState, flow: Flow): PrefixMismatch | undefined {
  const { network } = flow;
  const subnet = subnetOfFlow(flow);
  if (!network || subnet === undefined || !crossesParent(flow) || isLayer3(network)) return undefined;
  const segments = segmentOf(state, network).filter((one) => familyOf(one.subnet) === familyOf(subnet));
  const gateway = segments.find(({ node }) => node === state.names.gateway?.name)?.address;
  const seen = { ...flow, network, subnet, gateway };
  return tooWide(seen, segments) ?? tooNarrow(state, seen, segments);
}

type Seen = Omit<PrefixMismatch, 'segment' | 'how'>;

/** The container takes an address behind the gateway for a neighbour: its own, or the one it sends to. */
function tooWide(flow: Seen, segments: readonly SegmentSubnet[]): PrefixMismatch | undefined {
  const inner = segments.find((one) => isWider(flow.subnet, one.subnet));
  const far = farAddress(flow);
  const isBeyond = (address: string) => address !== '' && !segments.some((one) => contains(one.subnet, address));
  const affected = isBeyond(flow.containerAddress ?? '') || (contains(flow.subnet, far) && isBeyond(far));
  return inner && affected ? { ...flow, segment: inner, how: 'wide' } : undefined;
}

/** The gateway lies in the LAN's subnet and not in the network's. */
function tooNarrow(state: NetworkState, flow: Seen, segments: readonly SegmentSubnet[]): PrefixMismatch | undefined {
  const { subnet } = flow;
  const outer = segments.find((one) => isWider(one.subnet, subnet));
  const gateway = flow.gateway ?? state.routing.defaults(state.names.hostName, familyOf(subnet) ?? 4)[0]?.via;
  if (!outer || gateway === undefined || contains(subnet, gateway) || !contains(outer.subnet, gateway))
    return undefined;
  return contains(subnet, farAddress(flow)) ? undefined : { ...flow, segment: outer, how: 'narrow', gateway };
}

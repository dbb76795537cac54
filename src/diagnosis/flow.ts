import type { ContainerFact, NetworkFact, NodeFact } from '../evidence/facts.js';
import type { ProbeResult } from '../evidence/evidence.js';

/** What a cause reasons about: one probe, joined with everything we know of its two ends. Derived from evidence, never stored. */
export interface Flow {
  readonly id: string;
  readonly probe: ProbeResult;
  readonly arrival: Arrival;
  readonly from: FlowEnd;
  readonly to: FlowEnd;
  /** The container whose network this flow is about: the sender if it is one, else the target. */
  readonly container: ContainerFact | undefined;
  /** The container's address in this flow, of the family probed. */
  readonly containerAddress: string | undefined;
  /** The network the container uses for this flow. */
  readonly network: NetworkFact | undefined;
  /** The other end as the container sees it. `sibling`: a container on the same network. `elsewhere`: no container takes part. */
  readonly peer: 'sibling' | 'host' | 'gateway' | 'lan' | 'internet' | 'other-container' | 'elsewhere';
  /** The subnet of the LAN the other end lies in; absent where it lies elsewhere, or that is not known. */
  readonly farSubnet?: string | undefined;
  /** Whether the container is the sender. */
  readonly outbound: boolean;
}

/** `all`: at least 95 % of the attempts. `unknown`: the probe could not ask. */
export type Arrival = 'all' | 'some' | 'none' | 'unknown';

export interface FlowEnd {
  /** `undefined` when no node of ours owns the address. */
  readonly node: NodeFact | undefined;
  readonly label: string;
  readonly address: string;
}

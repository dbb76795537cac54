import type { SwitchPort } from '../evidence/facts.js';
import type { NodeKind } from '../scenario/plan.js';

/** A node that stands, and how to get into its network namespace from the agent. */
export interface LiveNode {
  readonly name: string;
  readonly kind: NodeKind;
  /** Without prefix length; for the host, those on the parent. */
  readonly addresses: readonly string[];
  /** Argument prefix that enters the namespace: `nsenter -t 4711 -n`, `nsenter --net=/run/netns/gateway`; empty for the host. */
  readonly enter: readonly string[];
  /** Process whose `/etc/resolv.conf` the node uses; absent when the node has none of its own. */
  readonly pid: number | undefined;
  /**
   * Addresses its probes must be sent from. Absent where the kernel may choose; on a host that is not ours alone, only what
   * comes from the site's own addresses stays within the site.
   */
  readonly sources?: readonly string[];
  /** The ports of a switch. Absent for other nodes. */
  readonly ports?: readonly SwitchPort[];
  /** Links of a node of the simulated site, as the site names them. Absent for other nodes, and for the host. */
  readonly links?: readonly string[];
  /** Nobody can look into it, nor send from it: a cloud's own router. What is sent to it is probed all the same. */
  readonly opaque?: boolean;
}

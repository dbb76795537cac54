import type { SwitchPort } from '../evidence/facts.js';
import type { NodeKind } from '../scenario/plan.js';

/** A node that runs, and how to enter its network namespace from the agent. */
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
   * Addresses its probes must be sent from. Absent where the kernel may choose. On a shared host, only packets from the
   * site's own addresses stay within the site.
   */
  readonly sources?: readonly string[];
  /** The ports of a switch. Absent for other nodes. */
  readonly ports?: readonly SwitchPort[];
  /** Links of a node of the simulated site, as the site names them. Absent for other nodes, and for the host. */
  readonly links?: readonly string[];
  /** It cannot be looked into, and nothing can be sent from it: a cloud's own router. It can still be the target of a probe. */
  readonly opaque?: boolean;
}

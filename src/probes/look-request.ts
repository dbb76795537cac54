import type { Missing, ProbeResult } from '../evidence/evidence.js';
import type { Facts } from '../evidence/facts.js';
import type { CheckPlan } from '../scenario/plan.js';
import type { LiveNode } from '../topology/node.js';

/** What a look is to find out. */
export interface LookRequest {
  readonly nodes: readonly LiveNode[];
  /** Containers that do not run, by name, and why not: a probe from or to one is not sent. Absent when all run. */
  readonly absent?: ReadonlyMap<string, string>;
  readonly probes: readonly { readonly check: CheckPlan; readonly purpose: ProbeResult['purpose'] }[];
  /** Interfaces to capture on while the probes run. */
  readonly captures: readonly { readonly node: string; readonly device: string }[];
  /** Addresses to ask for while the probes run: which MAC addresses reply? Absent: none. */
  readonly holders?: readonly AskedAddress[];
  /** Nodes whose packet filter is traced while the probes run. */
  readonly traced: readonly string[];
  /** The kernel's trace instance in which packets it drops are counted on those nodes; not counted when absent. */
  readonly drops?: string;
  /** Name of our own nftables table on those nodes: no other look on the host may use it at the same time. */
  readonly traceTable?: string;
  /** Whether others send from these addresses too, so that only what the probes sent, and what answers it, may be captured. */
  readonly shared?: boolean;
  /** Whether to gather facts too, or only to repeat probes. Without them nothing is captured either. */
  readonly facts: boolean;
  /** Resolver of nodes that have no `resolv.conf` of their own. */
  readonly resolver: string;
  /**
   * First of the tags that mark probes on the wire. Two looks at one network must not share tags: NAT remembers them. Where
   * another look on the host uses them at the moment, the look takes later ones.
   */
  readonly firstTag: number;
  /**
   * How many packets each ping sends. Default: five. `until answered`: one answer is enough, and a target that does not reply is
   * asked as long as otherwise. Cheapest where all nodes ask all nodes.
   */
  readonly pings?: number | 'until answered' | undefined;
  /** How long it waits for all nodes before it goes on without the missing ones, in seconds. Default: 35. */
  readonly patienceSeconds?: number;
  readonly signal?: AbortSignal | undefined;
}

/** An address that a node asks for on one of its links, by ARP or neighbour discovery. */
export interface AskedAddress {
  readonly node: string;
  readonly device: string;
  readonly address: string;
  /** The node's own address to ask from. Absent: without claiming one. */
  readonly source?: string;
}

/** What a look found out. */
export interface Looked {
  readonly facts: Partial<Omit<Facts, 'engine' | 'nodes' | 'networks' | 'containers'>>;
  readonly probes: readonly ProbeResult[];
  readonly missing: readonly Missing[];
  /** Capture files by name, such as `host-enp0s3.pcap`. */
  readonly pcaps: ReadonlyMap<string, Buffer>;
  /** ISO 8601, UTC, by this machine's clock: a lab's may be wrong. */
  readonly takenAt: string;
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
}

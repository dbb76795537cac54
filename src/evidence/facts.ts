import type { Capture } from './facts/captures.js';
import type { ContainerFact, Socket } from './facts/containers.js';
import type { Counters, Drop } from './facts/counters.js';
import type { EngineFact, PlatformFact } from './facts/engine.js';
import type { Firewall, Trace } from './facts/firewall.js';
import type { Link, LinkFilter, Queue } from './facts/links.js';
import type { NetworkFact } from './facts/networks.js';
import type { NodeFact } from './facts/nodes.js';
import type { Refusal } from './facts/refusals.js';
import type { AddressHolders, Neighbour, Route, Rule } from './facts/routing.js';

export type * from './facts/captures.js';
export type * from './facts/containers.js';
export type * from './facts/counters.js';
export type * from './facts/engine.js';
export type * from './facts/firewall.js';
export type * from './facts/links.js';
export type * from './facts/networks.js';
export type * from './facts/nodes.js';
export type * from './facts/refusals.js';
export type * from './facts/routing.js';

/**
 * The data dictionary: every kind of thing a run can know. A fact about several nodes is keyed by node name, and a node
 * that is not in it was **not looked at**: absence is never a negative. What could not be looked at, and why, is in
 * `Evidence.missing`.
 */
export interface Facts {
  readonly engine: EngineFact;
  /** Every node of the run with what it was meant to be. */
  readonly nodes: readonly NodeFact[];
  /** Docker networks the run concerns, as `docker network inspect` shows them. */
  readonly networks: readonly NetworkFact[];
  /** Containers attached to them, as `docker inspect` shows them. Never their environment or labels. */
  readonly containers: readonly ContainerFact[];
  /**
   * What the engine rejected when the networks and containers were created or started, in the order it was asked. Empty when it
   * rejected nothing.
   */
  readonly refusals: readonly Refusal[];
  /** `ip -details -json address show`: links with their addresses. */
  readonly links: PerNode<readonly Link[]>;
  /** `ip -json route show table all`, both families. */
  readonly routes: PerNode<readonly Route[]>;
  /** `ip -json rule show`, both families, in order of priority. */
  readonly rules: PerNode<readonly Rule[]>;
  /** `ip -json neighbour show`, taken **after** the probes, so that what they left behind shows. */
  readonly neighbours: PerNode<readonly Neighbour[]>;
  /**
   * Who replies for some addresses, under the name of the node that asked. An address that is not in it was not asked for. Absent
   * in evidence of older versions, and of runs, where the site's own captures tell.
   */
  readonly addressHolders: PerNode<readonly AddressHolders[]>;
  /** What each node listens on, from `/proc/net/tcp` and its like. Absent in evidence of older versions. */
  readonly sockets: PerNode<readonly Socket[]>;
  /** Sysctls that matter to forwarding and addressing, by dotted name. A name the kernel lacks is absent. */
  readonly sysctls: PerNode<Readonly<Record<string, string>>>;
  /** How far a node's counters moved while the probes ran. */
  readonly counters: PerNode<Counters>;
  /** Packet filter rules and how far their counters moved while the probes ran. */
  readonly firewall: PerNode<Firewall>;
  /** Traffic control filters and XDP programs on links, below everything IP: `tc filter show`. */
  readonly linkFilters: PerNode<readonly LinkFilter[]>;
  /** Queues of links, and what they dropped: `tc -s qdisc show`. Absent in evidence of older versions. */
  readonly queues: PerNode<readonly Queue[]>;
  /** What became of the probes' first packets in a node's packet filter, by `nft monitor trace`. */
  readonly traces: PerNode<readonly Trace[]>;
  /**
   * Packets the host's kernel dropped while the probes ran, by `skb:kfree_skb`. It is the kernel of every container on it and
   * of a simulated site too, even where the probes treat them as separate hosts. Absent in evidence of older versions.
   */
  readonly drops: PerNode<readonly Drop[]>;
  /** What was captured while the probes ran. */
  readonly captures: readonly Capture[];
  /** What machine the Docker host is, under its name. Absent where its firmware does not say. */
  readonly platform: PerNode<PlatformFact>;
}

export type FactName = keyof Facts;
export type PerNode<T> = Readonly<Record<string, T>>;

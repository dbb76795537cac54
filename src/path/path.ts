import type { Hop } from './hop.js';

/** What the model expects of a hop: pure reading of routes, links, rules and driver, without a look at any packet. */
export type Prediction =
  | { readonly verdict: 'passes' }
  /** One sentence: why nothing, or nothing useful, comes out of it. */
  | { readonly verdict: 'blocks'; readonly because: string }
  /** What would have to be known. */
  | { readonly verdict: 'unknown'; readonly missing: string };

/**
 * What was seen of the probe's own packets: `passed` when a later vantage point saw them; `died` where they, or some of them, went
 * missing, or came out wrong; `not reached` beyond that; `not visible` when nothing that looked was awake.
 */
export type Measurement = 'passed' | 'died' | 'not reached' | 'not visible';

/** One place on the way. */
export interface PathHop {
  readonly hop: Hop;
  /** The node it is on. */
  readonly node: string;
  /** What happens there, in a few words: `default via 192.168.0.1 dev enp0s3`. */
  readonly text: string;
  readonly predicted: Prediction;
  readonly measured: Measurement;
  /** The rule or policy that dropped it here, as the kernel's own trace names it; absent when none was traced. */
  readonly traced: string | undefined;
  /** Source addresses as seen right behind it; absent where nothing was seen. Differs from the sender's where NAT acts. */
  readonly sources: readonly string[] | undefined;
}

/** Where a flow ends. */
export interface PathEnd {
  readonly direction: 'there' | 'back';
  readonly hop: Hop;
  readonly node: string;
  /** The last place before it where the packet was seen: `enp0s3 on host`; absent when it never was. */
  readonly lastSeen: string | undefined;
  /** What the host's kernel says it dropped, where that fits; absent where nobody counted, or nothing fits. */
  readonly kernel: KernelDrop | undefined;
}

/** Packets the host's kernel dropped while the probes ran. */
export interface KernelDrop {
  /** The kernel's own name for it, such as `NETFILTER_DROP`. */
  readonly reason: string;
  /** Kernel function that gave them up; absent with kernels that do not print its name. */
  readonly location: string | undefined;
  /** How many. A tool that is told of the loss may send one packet again and again. */
  readonly packets: number;
  /** `probe`: its own process was sending them. `anybody`: no less than it lost, and whose they were does not show. */
  readonly whose: 'probe' | 'anybody';
}

/**
 * `agree`: model and measurement say the same. `distrust the model`: it expected a block and the packet arrived. `outside our view`: every
 * hop should pass and the packet dies all the same. `not measured`: nothing that looked was awake, only the model speaks.
 */
export type Agreement = 'agree' | 'distrust the model' | 'outside our view' | 'not measured';

/** How many packets of a flow one vantage point saw. */
interface Seen {
  readonly node: string;
  readonly device: string;
  readonly packets: number;
}

/** Between which vantage points some of a flow's packets go missing, while others come through. */
export interface Loss {
  /** The last that saw all there were; absent when they were missing from the first on. */
  readonly before: Seen | undefined;
  /** The first that saw fewer; absent when all were seen everywhere, and the sender missed some at the end. */
  readonly after: Seen | undefined;
}

/** The way of one flow, there and back. */
export interface FlowPath {
  /** The probe's id. */
  readonly id: string;
  readonly there: readonly PathHop[];
  readonly back: readonly PathHop[];
  /** Absent when it arrived. Where only some of it arrives: where the rest ends. */
  readonly end: PathEnd | undefined;
  /** Absent unless some of it arrives, and some does not. */
  readonly loss?: Loss;
  readonly agreement: Agreement;
  /** One sentence on what model and measurement make of each other. */
  readonly verdict: string;
}

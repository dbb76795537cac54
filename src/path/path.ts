import type { IcmpComplaint } from '../network/observations/icmp-errors.js';
import type { Decider } from '../network/packet-filter.js';
import type { Driver } from '../scenario/plan.js';
import type { Hop } from './hop.js';
import type { Reason, Unseen } from './reason.js';

/** What is predicted of a hop from routes, links, rules and driver, without a look at any packet. */
export type Prediction =
  | { readonly verdict: 'passes' }
  | { readonly verdict: 'blocks'; readonly reason: Reason }
  | { readonly verdict: 'unknown'; readonly missing: Unseen };

/**
 * What was observed of the probe's own packets: `passed` when a later vantage point saw them; `lost` where they, or some of them,
 * are missing or come out wrong; `not reached` beyond that; `not visible` when no capture was awake.
 */
export type HopObservation = 'passed' | 'lost' | 'not reached' | 'not visible';

/** One place on a path. */
export interface PathHop {
  readonly hop: Hop;
  /** The node it is on. */
  readonly node: string;
  /** What happens there, in a few words: `default via 192.168.0.1 dev enp0s3`. */
  readonly text: string;
  readonly predicted: Prediction;
  /** The driver of the container's network, at the link between container and parent; absent elsewhere, and in older results. */
  readonly driver?: Driver | undefined;
  readonly observed: HopObservation;
  /** The rule or policy that dropped it here, as the kernel's own trace names it; absent when none was traced. */
  readonly traced: Decider | undefined;
  /** Source addresses as seen right behind it; absent where nothing was seen. Differs from the sender's where NAT acts. */
  readonly sources: readonly string[] | undefined;
}

/** Where a flow ends. */
export interface PathEnd {
  readonly direction: 'forward' | 'return';
  readonly hop: Hop;
  readonly node: string;
  /** The last place before it where the packet was seen; absent when it never was. */
  readonly lastSeen: Interface | undefined;
  /** What the host's kernel says it dropped, where that fits; absent where drops were not counted, or none fits. */
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
  /** `probe`: its own process was sending them. `unknown`: no fewer than it lost, and their sender is not known. */
  readonly whose: 'probe' | 'unknown';
}

/**
 * `agree`: prediction and observation say the same. `prediction wrong`: a block was predicted and the packet arrived, or it is lost at
 * a place that was looked at and should pass it. `outside our view`: every hop that was looked at should pass it. `not observed`: no capture was awake, so there is only the prediction.
 */
export type Agreement = 'agree' | 'prediction wrong' | 'outside our view' | 'not observed';

/** An interface of a node. */
export interface Interface {
  readonly node: string;
  readonly device: string;
}

/** How many packets of a flow one vantage point saw. */
interface Seen extends Interface {
  readonly packets: number;
}

/** Between which vantage points some of a flow's packets go missing, while others come through. */
export interface Loss {
  /** The last that saw all there were; absent when they were missing from the first on. */
  readonly before: Seen | undefined;
  /** The first that saw fewer; absent when all were seen everywhere, and the sender missed some at the end. */
  readonly after: Seen | undefined;
}

/** An ICMP error about packets of a flow, from a machine on the way. */
export interface Told {
  /** The address that it came from. */
  readonly sender: string;
  readonly complaint: IcmpComplaint;
  /** Which of the flow's packets it is about. */
  readonly part: 'request' | 'reply';
  /** Of `too-big`: bytes of the largest packet that would pass. Absent where it was not said. */
  readonly mtu?: number;
  /** Where it was seen. */
  readonly seen: Interface;
}

/** The path of one flow in both directions. */
export interface FlowPath {
  /** The probe's id. */
  readonly id: string;
  readonly forward: readonly PathHop[];
  readonly return: readonly PathHop[];
  /** Absent when it arrived. Where only some of it arrives: where the rest ends. */
  readonly end: PathEnd | undefined;
  /** Absent unless some of it arrives, and some does not. */
  readonly loss?: Loss;
  /** Absent unless it does not arrive, and a machine on the way said why by ICMP. */
  readonly told?: Told;
  readonly agreement: Agreement;
  /** What prediction and observation say together. */
  readonly verdict: PathVerdict;
}

/** What prediction and observation say together, with what it is about. */
export type PathVerdict =
  /** `missing`: what could not be predicted on the way, all the same. */
  | { readonly kind: 'arrives'; readonly missing?: Unseen }
  /**
   * A reply arrives, and not from the target. `target`: the target that was seen to get no request; absent where it was not looked
   * at, and only the rule tells. `seen`: the last place the request was seen at.
   */
  | { readonly kind: 'other-replies'; readonly target?: string; readonly reason?: Reason; readonly seen?: Interface }
  /** It arrives, and a block was predicted. */
  | { readonly kind: 'arrives-though-blocked'; readonly reason: Reason }
  /** Some of it arrives. `reason`: what was seen to become of the rest. */
  | { readonly kind: 'partly'; readonly sent: number; readonly arrived: number; readonly reason?: Reason }
  /** A trace shows it dropped; `predicted`: as was predicted. */
  | { readonly kind: 'traced'; readonly by: Decider; readonly predicted: boolean }
  /** No vantage point could look. `reason`: the block that is predicted. `missing`: why nothing is, where nothing was sent. */
  | { readonly kind: 'not-observed'; readonly reason?: Reason; readonly missing?: Unseen }
  /** A connection's first packet and the reply come through, and what follows does not. */
  | { readonly kind: 'lost-later'; readonly reason: Reason }
  | { readonly kind: 'blocked'; readonly reason: Reason }
  /** It is lost at a place that was looked at and should pass it; `seen`: the last place it was seen at. */
  | {
      readonly kind: 'lost-in-view';
      readonly hop: Hop;
      readonly node: string;
      readonly seen?: Interface;
      readonly missing?: Unseen;
    }
  /** It is lost where it should pass: beyond the last place it was `seen` at, else before it leaves its `sender`. */
  | {
      readonly kind: 'lost-outside-view';
      readonly seen?: Interface;
      readonly sender: string;
      readonly missing?: Unseen;
    };

import type { Decider, Tool } from '../../network/packet-filter.js';
import type { Place } from './place.js';

/** A rule or policy of a packet filter that drops packets, and how that is known. */
export interface BlockingRule {
  readonly by: Decider;
  /** The program whose rule or policy it is; absent for one written by hand. */
  readonly tool: Tool | undefined;
  /** Packets it dropped while the probes ran; `undefined` when nothing counts them. */
  readonly packets: number | undefined;
  /** `traced`: the kernel's own trace shows it. `predicted`: by its text, of packets that are lost before they get there. */
  readonly proof: 'traced' | 'counter' | 'predicted';
}

/** What was seen of packet filters, and of the packets they drop or translate. */
export type FirewallObservation =
  | ({ readonly kind: 'blocking-rule'; readonly node: string } & BlockingRule)
  /** A rule that translates a source address; `packets` is how often while the probes ran. */
  | {
      readonly kind: 'nat-rule';
      readonly node: string;
      readonly by: Decider;
      readonly packets: number | undefined;
    }
  /** A rule that sends packets elsewhere than to their destination; `packets` is how often while the probes ran. */
  | {
      readonly kind: 'redirecting-rule';
      readonly node: string;
      readonly by: Decider;
      readonly destination: string;
      readonly to: string | undefined;
      readonly packets: number | undefined;
    }
  /** A node that forwards packets of a source through a link has no rule that masquerades them. */
  | { readonly kind: 'not-masqueraded'; readonly node: string; readonly source: string; readonly device: string }
  /** Packets that left under another source address than their sender's. */
  | {
      readonly kind: 'source-translated';
      readonly at: Place;
      readonly sender: string;
      readonly own: string;
      readonly source: string;
    }
  /** Packets of a container that the host drops before they leave through the parent; `of`: which. */
  | {
      readonly kind: 'dropped-before-parent';
      readonly container: string;
      readonly node: string;
      readonly parent: string;
      readonly of: 'everything' | 'new-connections' | 'internet';
    }
  /** The host's own packets, which the same filter drops. */
  | { readonly kind: 'own-packets-dropped'; readonly node: string; readonly destination: string }
  /** Requests for a container arrive at a link, and no reply leaves through it. */
  | {
      readonly kind: 'no-reply-leaves';
      readonly at: Place;
      readonly address: string;
      /** Whether connections that it begins get through. */
      readonly begins: boolean;
    }
  /** A container's connection that was answered, and nothing of it followed. */
  | { readonly kind: 'half-open'; readonly at: Place; readonly container: string; readonly to: string }
  /** Packets for a container that arrive at a link and do not reach it. */
  | {
      readonly kind: 'not-delivered';
      readonly at: Place;
      readonly container: string;
      /** `reply`: to its request to `peer`. `request`: from `peer`. */
      readonly part: 'request' | 'reply';
      readonly peer: string;
    };

import type { Driver } from '../../scenario/plan.js';
import type { Hop } from '../hop.js';
import type { Interface, Prediction } from '../path.js';
import type { Reason, Unseen } from '../reason.js';
import type { TrackedState } from '../../network/rule-match.js';

/** What travels. */
export interface PredictedPacket {
  readonly source: string;
  readonly destination: string;
  readonly protocol: string;
  readonly port: number | undefined;
  /** The port of the service that it comes from; absent for requests. */
  readonly sourcePort?: number | undefined;
  /** Absent for what is no ping. */
  readonly icmp?: 'echo-request' | 'echo-reply';
  /** Its size as an IP packet, where that is asked and it must not be fragmented. */
  readonly bytes?: number;
}

/** A packet where it meets a node's filter. */
export interface Crossing extends PredictedPacket {
  readonly inDevice?: string;
  readonly outDevice?: string;
  readonly state?: TrackedState | undefined;
}

/** Where a capture sees what passes: an interface of a node. */
export interface Vantage extends Interface {
  /** Which direction the packet passes in, where the same interface sees it come and go; absent where MAC addresses do not tell. */
  readonly direction?: 'in' | 'out';
}

/** A hop as the model sees it. */
export interface PredictedHop {
  readonly hop: Hop;
  readonly node: string;
  readonly text: string;
  readonly predicted: Prediction;
  /** The driver that passes it on there; absent at all other places. */
  readonly driver?: Driver | undefined;
  /** What can be looked at right behind the hop. */
  readonly vantage?: Vantage;
  /** The address that is asked for by ARP or neighbour discovery before a packet can leave the hop. */
  readonly asks?: string;
  /** Who asks, where it is not the vantage point's own node: a container on a parent asks by itself, beside the host. */
  readonly asker?: string;
  /** Source address behind the hop when it is translated there. */
  readonly translatedTo?: string;
  /** Why what follows a connection's first packet is lost here, where that first one passes. */
  readonly later?: Reason;
  /** Source addresses behind the hop that show the fault, although packets go on. */
  readonly wrongSource?: readonly string[];
  /** MAC address that packets are sent to before the hop, and should not be. */
  readonly wrongMac?: string;
  /** Why what is sent to `wrongMac` is lost here, where others of its kind are not. */
  readonly sometimes?: Reason;
  /** What the configuration leaves open, so that observations decide whether there is anything at this hop. */
  readonly open?: OpenQuestion;
}

/** What configuration alone does not tell about a hop. */
export type OpenQuestion =
  /** Whether a node sends to `mac`, that of another holder of an address, and not, or not only, to `ownMac`. */
  | {
      readonly kind: 'which-holder';
      readonly sender: string;
      readonly address: string;
      readonly mac: string;
      readonly ownMac: string | undefined;
      readonly reason: Reason;
    }
  /** Whether a node's neighbour entry for an address has a MAC address that no link has. */
  | { readonly kind: 'stale-neighbour'; readonly node: string; readonly address: string }
  /** Whether a node knows no MAC address for its next hop. */
  | { readonly kind: 'not-learned'; readonly node: string; readonly address: string }
  /** Whether frames of a VLAN go out on one of these links, and none comes in. */
  | { readonly kind: 'vlan-unanswered'; readonly vlan: number; readonly links: readonly Interface[] };

/** One direction of a way: hop for hop, and where it arrived; `at` is absent when it did not. */
export interface Leg {
  readonly hops: readonly PredictedHop[];
  readonly at: string | undefined;
  readonly packet: PredictedPacket;
}

export const PASSES: Prediction = { verdict: 'passes' };

export function blocks(reason: Reason): Prediction {
  return { verdict: 'blocks', reason };
}

export function unknown(missing: Unseen): Prediction {
  return { verdict: 'unknown', missing };
}

import type { Over } from '../../scenario/plan.js';
import type { Place } from './place.js';

/** What packets showed. */
export type TrafficObservation =
  /** A flow's packets at a vantage point; `source` is the address they carried there. */
  | {
      readonly kind: 'packets-seen';
      readonly at: Place;
      readonly source: string;
      readonly destination: string;
      readonly requests: number;
      readonly replies: number;
    }
  /** What one end of a flow met: whether its packets arrived at the other. */
  | {
      readonly kind: 'flow';
      readonly from: string;
      readonly to: string;
      readonly over: Over;
      readonly arrives: boolean;
    }
  /** ARP or neighbour discovery, whether or not there is a reply. */
  | { readonly kind: 'arp-request'; readonly at: Place; readonly asker: string; readonly address: string }
  /** ARP or neighbour discovery without a reply. */
  | { readonly kind: 'unanswered-arp'; readonly at: Place; readonly asker: string; readonly address: string };

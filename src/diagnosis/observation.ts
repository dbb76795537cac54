import type { Over } from '../scenario/plan.js';

/** Where something was seen: a node, and on it a link where that matters. */
export interface Place {
  readonly node: string;
  readonly device?: string | undefined;
}

/**
 * One thing that was seen, and where: what a found cause rests on. Sentences are made of it in `report/words/`; nothing reads
 * them. The program or file that shows it is part of the sentence of its kind.
 */
export type Observation =
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
  /** A link's state, by `ip link`. */
  | { readonly kind: 'link-state'; readonly at: Place; readonly state: 'up' | 'down' | 'no-carrier' }
  /** A node that holds an address on a link, with prefix length, by `ip address`. */
  | { readonly kind: 'address-held'; readonly at: Place; readonly address: string }
  /** What `ip route get` answers. */
  | {
      readonly kind: 'route';
      readonly node: string;
      readonly destination: string;
      readonly via?: string | undefined;
      readonly device?: string | undefined;
    }
  | { readonly kind: 'no-route'; readonly node: string; readonly destination: string }
  | { readonly kind: 'sysctl'; readonly node: string; readonly name: string; readonly value: string }
  /** ARP or neighbour discovery without a reply. */
  | { readonly kind: 'unanswered-arp'; readonly at: Place; readonly asker: string; readonly address: string }
  /** A setting of a Docker network, by `docker network inspect`. */
  | { readonly kind: 'network-setting'; readonly network: string; readonly setting: string; readonly value: string };

import type { Over } from '../../scenario/plan.js';
import type { Decider } from '../../network/packet-filter.js';
import type { IcmpComplaint } from '../../network/observations/icmp-errors.js';
import type { Place } from './place.js';

/** What packets showed. */
export type TrafficObservation =
  /** Nothing showed it but a second look, which a run takes with the remedies of the first in place. */
  | { readonly kind: 'second-look' }
  /** A rule or policy of a node's packet filter that drops packets of a flow. */
  | {
      readonly kind: 'filter-drops';
      readonly node: string;
      readonly by: Decider;
      /** Where they cross it. Absent where `by` says enough. */
      readonly hook?: 'output' | 'input' | 'forward';
      /** Packets of a source, or those that are part of no connection the node tracks. Absent: of the flow. */
      readonly what?: { readonly kind: 'source'; readonly source: string } | { readonly kind: 'untracked' };
      /** Present where no packet was seen to be dropped there. */
      readonly predicted?: true;
    }
  /** A flow's packets at a vantage point; `source` is the address they carried there. */
  | {
      readonly kind: 'packets-seen';
      readonly at: Place;
      readonly source: string;
      readonly destination: string;
      readonly requests: number;
      readonly replies: number;
    }
  /** A flow that no cause explained arrives once the fix of this one is in place. */
  | { readonly kind: 'cured-by-fix'; readonly from: string; readonly to: string; readonly over: Over }
  /** What one end of a flow met: whether its packets arrived at the other. */
  | {
      readonly kind: 'flow';
      readonly from: string;
      readonly to: string;
      readonly over: Over;
      readonly arrives: boolean;
    }
  /** Whether a reply to a sender comes in at a link. */
  | {
      readonly kind: 'reply-at';
      readonly at: Place;
      readonly from: string;
      readonly to: string;
      readonly over: Over;
      readonly seen: boolean;
    }
  /** A request of which the target saw nothing, although its sender got a reply. */
  | {
      readonly kind: 'request-not-received';
      readonly at: Place;
      readonly from: string;
      readonly over: Over;
    }
  /** The MAC address and the TTL that a reply came in with; `holder`: the link that has that MAC address, where it was seen. */
  | {
      readonly kind: 'reply-came-from';
      readonly at: Place;
      readonly mac: string;
      readonly ttl: number;
      readonly holder: Place | undefined;
    }
  /** Whether a datagram to a group left its sender through a link. */
  | { readonly kind: 'group-datagram'; readonly at: Place; readonly group: string; readonly seen: boolean }
  /** Multicast that left its sender and did not come in: a datagram to a group, or a neighbour solicitation for an address. */
  | {
      readonly kind: 'multicast-not-received';
      readonly at: Place;
      readonly sender: Place;
      readonly what:
        { readonly kind: 'group'; readonly group: string } | { readonly kind: 'address'; readonly address: string };
    }
  /** An ICMP error or redirect that a machine on the way sent about packets of a flow. `mtu` in bytes, where it says one. */
  | {
      readonly kind: 'icmp-error';
      readonly at: Place;
      readonly sender: string;
      readonly complaint: IcmpComplaint;
      readonly from: string;
      readonly to: string;
      readonly mtu?: number;
    }
  /** No "fragmentation needed" came in about packets that were too large for some link on the way. */
  | { readonly kind: 'no-size-report'; readonly at: Place; readonly to: string }
  /** ARP or neighbour discovery, whether or not there is a reply. */
  | { readonly kind: 'arp-request'; readonly at: Place; readonly asker: string; readonly address: string }
  /** ARP or neighbour discovery without a reply. */
  | { readonly kind: 'unanswered-arp'; readonly at: Place; readonly asker: string; readonly address: string };

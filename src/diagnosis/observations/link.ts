import type { PlatformFact } from '../../evidence/facts.js';
import type { LinkDecider } from '../../network/link-filter.js';
import type { Driver } from '../../scenario/plan.js';
import type { Place } from './place.js';

/** What was seen of links, and of what is attached to them. */
export type LinkObservation =
  /** A Docker network, by `docker network inspect`. Absent `parent`: it is on a dummy link. */
  | {
      readonly kind: 'docker-network';
      readonly network: string;
      readonly driver: Driver;
      readonly mode: string | undefined;
      readonly parent: string | undefined;
    }
  /** A container on a Docker network, by `docker inspect`. */
  | { readonly kind: 'attached'; readonly container: string; readonly network: string }
  /** A link's state, by `ip link`. */
  | { readonly kind: 'link-state'; readonly at: Place; readonly state: 'up' | 'down' | 'no-carrier' }
  /** The mode or flag an IPvlan or macvlan link has now, by `ip -d link`. */
  | {
      readonly kind: 'link-type';
      readonly at: Place;
      readonly driver: 'ipvlan' | 'macvlan';
      readonly setting: 'mode' | 'flag';
      readonly value: string;
    }
  /** Packets that passed a leg of a bond while the probes ran, by `ip -s link`. */
  | {
      readonly kind: 'leg-packets';
      readonly at: Place;
      readonly bond: string;
      readonly received: number;
      readonly sent: number;
    }
  | { readonly kind: 'link-mtu'; readonly at: Place; readonly mtu: number }
  /** Of some packets sent, those that arrive, and how many were `seen` on both sides of the place where some are lost. */
  | {
      readonly kind: 'partial-loss';
      readonly from: string;
      readonly to: string;
      readonly sent: number;
      readonly arrived: number;
      readonly seen: readonly (Place & { readonly packets: number })[];
    }
  /** A flow of which every packet arrives. */
  | { readonly kind: 'no-loss'; readonly from: string; readonly to: string }
  /** A queue that dropped packets, by `tc -s qdisc`. */
  | {
      readonly kind: 'queue-drops';
      readonly at: Place;
      readonly queue: string;
      readonly options: string;
      readonly dropped: number;
    }
  /** Small packets arrive where packets of so many bytes do not. */
  | { readonly kind: 'large-packets-lost'; readonly from: string; readonly to: string; readonly bytes: number }
  /** Every link on the path that was seen carries packets of so many bytes. */
  | { readonly kind: 'no-narrow-link'; readonly bytes: number }
  /** Frames with a VLAN tag leave, and none comes in, while others do. */
  | { readonly kind: 'unanswered-vlan'; readonly at: Place; readonly tag: number }
  /** A machine on the LAN has the subnet of a Docker network on a link of this VLAN; absent `tag`: untagged. */
  | {
      readonly kind: 'subnet-on-vlan';
      readonly at: Place;
      readonly network: string;
      readonly tag: number | undefined;
    }
  | { readonly kind: 'parent-vlan'; readonly at: Place; readonly network: string; readonly tag: number | undefined }
  /** Frames for containers of a network come in with a VLAN tag. */
  | { readonly kind: 'frames-tagged'; readonly at: Place; readonly network: string; readonly tag: number }
  /** A Docker network without the option `parent`, by `docker network inspect`. */
  | { readonly kind: 'no-parent'; readonly network: string }
  | { readonly kind: 'dummy-link'; readonly at: Place }
  | { readonly kind: 'wifi-link'; readonly at: Place }
  /** Packets from a container's address that never left through a link, or packets for it that came in and never arrived. */
  | {
      readonly kind: 'lost-on-link';
      readonly at: Place;
      readonly way: 'ingress' | 'egress';
      readonly address: string;
    }
  /** A filter on a link itself that drops packets. */
  | { readonly kind: 'filter-on-link'; readonly node: string; readonly by: LinkDecider }
  /** Frames for a MAC address that never come in. */
  | { readonly kind: 'no-frames-for'; readonly at: Place; readonly mac: string }
  /** Nodes on the LAN that heard ARP requests of an address: those listened, and the rest of them heard nothing. */
  | { readonly kind: 'arp-heard'; readonly asker: string; readonly nodes: readonly string[] }
  /** Nodes beyond the parent that received what an address sent: those listened, and the rest of them received nothing. */
  | { readonly kind: 'received'; readonly source: string; readonly nodes: readonly string[] }
  /** Replies of some senders come in at a link, and their own requests do not. */
  | { readonly kind: 'replies-only'; readonly at: Place; readonly senders: readonly string[] }
  /** What a machine runs on. */
  | {
      readonly kind: 'platform';
      readonly node: string;
      readonly product: string;
      readonly origin: PlatformFact['origin'];
    };

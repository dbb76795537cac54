import type { LinkDecider, NamedFilter } from '../network/link-filter.js';
import type { Decider } from '../network/packet-filter.js';

/** Why a packet gets no further, or nothing useful comes of it, with what it is about. Words are made of it in reports. */
export type Reason =
  FilterReason | RedirectReason | LinkReason | RouteReason | NeighbourReason | AddressReason | DeliveryReason;

/** A packet filter of a node, or a filter on one of its links, drops it. */
type FilterReason =
  | (Decider & { readonly node: string })
  | { readonly kind: 'link-filter'; readonly node: string; readonly filter: NamedFilter };

/** A rule of a node on the way sends it elsewhere than to its destination: to `to`, where the rule names an address. A reply may come all the same. */
interface RedirectReason {
  readonly kind: 'redirected';
  readonly node: string;
  readonly destination: string;
  readonly by: Decider;
  readonly to?: string;
}

type LinkReason =
  | { readonly kind: 'link-down'; readonly node: string; readonly device: string }
  | { readonly kind: 'no-carrier'; readonly node: string; readonly device: string }
  /** A link on a parent without a carrier has none either. */
  | { readonly kind: 'no-carrier-on-parent'; readonly parent: string; readonly node: string; readonly device: string }
  | { readonly kind: 'switch-port-down'; readonly node: string }
  | {
      readonly kind: 'too-big';
      readonly node: string;
      readonly device: string;
      readonly bytes: number;
      readonly mtu: number;
    }
  | { readonly kind: 'other-vlan'; readonly ends: readonly [TaggedEnd, TaggedEnd] }
  /** Frames with a VLAN's tag were seen to go out on a link, and none to come in. */
  | {
      readonly kind: 'vlan-unanswered';
      readonly node: string;
      readonly device: string;
      readonly vlan: number | undefined;
    }
  /** Assumed to be dropped between the host and the others: by a switch, a hypervisor, or a cloud's network. */
  | { readonly kind: 'dropped-on-wire'; readonly device: string; readonly address: string; readonly arp: boolean }
  /** The network has no parent: its links are on a dummy. */
  | { readonly kind: 'no-parent'; readonly network: string }
  /** A parent never receives what it sent itself. */
  | { readonly kind: 'host-apart'; readonly device: string; readonly driver: string }
  | { readonly kind: 'siblings-apart'; readonly setting: 'mode' | 'flag'; readonly value: string }
  /** Flag vepa in mode L2: the switch would have to send a frame back to the MAC address it came from. */
  | { readonly kind: 'siblings-by-switch' };

/** One end of a wire: `vlan` is absent for an untagged link. */
interface TaggedEnd {
  readonly node: string;
  readonly device: string;
  readonly vlan: number | undefined;
}

type RouteReason =
  | { readonly kind: 'no-route'; readonly destination: string }
  | { readonly kind: 'route-forbids'; readonly destination: string; readonly type: string }
  /** No route via the parent: IPv4 then takes any destination to be on-link there. */
  | { readonly kind: 'no-route-via-parent'; readonly device: string; readonly destination: string }
  /** A route to a container that leads to another link than its parent. */
  | {
      readonly kind: 'route-via-other-link';
      readonly destination: string;
      readonly device: string;
      readonly parent: string;
    }
  /** A policy rule whose table takes it into another link than the main table would. */
  | {
      readonly kind: 'rule-before-main';
      readonly node: string;
      readonly destination: string;
      readonly priority: number;
      readonly table: string;
      readonly device: string;
    }
  /** A reply that leaves via another network than its request came through. */
  | { readonly kind: 'reply-via-other-network'; readonly source: string; readonly device: string }
  | { readonly kind: 'only-default-route'; readonly destination: string }
  | { readonly kind: 'forwarding-off'; readonly node: string }
  | { readonly kind: 'routing-loop'; readonly node: string }
  | { readonly kind: 'reverse-path-filter'; readonly node: string; readonly source: string; readonly device: string }
  /** A private address, which the internet has no route to. */
  | { readonly kind: 'no-route-on-internet'; readonly destination: string };

type NeighbourReason =
  | { readonly kind: 'address-not-held'; readonly address: string; readonly as: 'target' | 'next-hop' }
  /** The next hop of a route is an L3 container, which answers no ARP. */
  | { readonly kind: 'next-hop-in-l3'; readonly address: string }
  /** An on-link route covers an L3 container, which answers no ARP. */
  | { readonly kind: 'arp-for-l3-container'; readonly node: string; readonly address: string }
  /** A neighbour entry with a MAC address that no link has. */
  | { readonly kind: 'stale-neighbour'; readonly node: string; readonly address: string; readonly mac: string }
  /** A container that holds an address of its host gets the reply to the host's ARP request for `next`. */
  | {
      readonly kind: 'arp-reply-taken';
      readonly node: string;
      readonly next: string;
      readonly by: string;
      readonly address: string;
    };

type AddressReason =
  /** `sender` sends `holder`, which has the address too, what is meant for `meant`. */
  | {
      readonly kind: 'address-conflict';
      readonly address: string;
      readonly meant: string;
      readonly holder: string;
      readonly sender: string;
    }
  /** The target itself has the sender's address. */
  | { readonly kind: 'sender-address-held'; readonly address: string; readonly by: string }
  /** A container with an address of its host takes what comes in for it. */
  | { readonly kind: 'host-address-taken'; readonly parent: string; readonly address: string; readonly by: string }
  /** A container no longer has the address that Docker gave it. */
  | { readonly kind: 'address-lost'; readonly container: string; readonly address: string };

type DeliveryReason =
  | { readonly kind: 'not-translated'; readonly source: string }
  /** The host translates an L3 container's source, and replies to that never reach the container. */
  | { readonly kind: 'reply-to-host'; readonly source: string }
  /** `elsewhere`: the addresses it listens on instead; empty where none. */
  | {
      readonly kind: 'not-listening';
      readonly node: string;
      readonly protocol: string;
      readonly port: number;
      readonly elsewhere: readonly string[];
    };

/** What would have to be known to predict a hop. */
export type Unseen =
  | { readonly kind: 'routes'; readonly node: string }
  /** Routes that went down with their link. */
  | { readonly kind: 'routes-of-link'; readonly device: string }
  | { readonly kind: 'packet-filter'; readonly node: string }
  | { readonly kind: 'nat-rules'; readonly node: string }
  | { readonly kind: 'link'; readonly node: string; readonly device: string }
  | { readonly kind: 'holder'; readonly address: string; readonly as: 'target' | 'next-hop' }
  | { readonly kind: 'forwarding'; readonly node: string }
  | { readonly kind: 'translation'; readonly node: string; readonly source: string }
  /** Which packets a rule takes. */
  | { readonly kind: 'rule-match'; readonly by: Decider }
  /** What a filter on a link does. */
  | { readonly kind: 'filter-effect'; readonly by: LinkDecider }
  /** Whether the switch sends back what it received, as VEPA needs. */
  | { readonly kind: 'reflective-relay' };

/** Equal for equal reasons; to compare by, not to read. */
export function reasonKey(reason: Reason): string {
  return JSON.stringify(Object.entries(reason).sort(([one], [other]) => one.localeCompare(other)));
}

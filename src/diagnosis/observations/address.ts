import type { Place } from './place.js';

/** What was seen of addresses, and of who holds them. */
export type AddressObservation =
  /** A node that holds an address on a link, with prefix length, by `ip address`. */
  | { readonly kind: 'address-held'; readonly at: Place; readonly address: string }
  /** A link on a parent that has a MAC address which a container asks for too, by `docker inspect` or `ip link`. */
  | { readonly kind: 'mac-held'; readonly at: Place; readonly parent: string; readonly mac: string }
  /** A link in a container that sends with its own MAC address through the link on the parent, which has another one. */
  | {
      readonly kind: 'other-mac';
      readonly at: Place;
      readonly mac: string;
      readonly address: string;
      readonly attached: { readonly device: string; readonly mac: string };
    }
  /** Frames that come in for a MAC address that no link on a parent has: the kernel delivers them to none. */
  | { readonly kind: 'frames-for-unknown-mac'; readonly at: Place; readonly mac: string }
  /** A link without the address that Docker gave its container. */
  | { readonly kind: 'address-lost'; readonly at: Place; readonly address: string }
  /** A container's link on a parent that holds the address of the host or the gateway. */
  | {
      readonly kind: 'address-of-other';
      readonly at: Place;
      readonly parent: string;
      readonly address: string;
      readonly owner: string;
    }
  /** No node that was looked at holds it. */
  | { readonly kind: 'address-not-held'; readonly address: string }
  /** A second MAC address replies by ARP for a container's address; `holder` has it, where its links were seen. */
  | {
      readonly kind: 'arp-conflict';
      readonly at: Place;
      readonly address: string;
      readonly mac: string;
      readonly holder: Place | undefined;
      readonly container: string;
      readonly expected: string;
    }
  /** Packets for a container went to another MAC address. */
  | {
      readonly kind: 'sent-to-other-mac';
      readonly container: string;
      readonly address: string;
      readonly mac: string;
      readonly expected: string;
    }
  /** A neighbour entry with another MAC address than the right one; `used`: packets were seen to go there. */
  | {
      readonly kind: 'stale-neighbour';
      readonly node: string;
      readonly address: string;
      readonly mac: string;
      readonly state: string;
      readonly expected: string;
      readonly used: boolean;
    }
  /** A next hop that another machine than a router has. */
  | { readonly kind: 'next-hop-no-router'; readonly node: string; readonly address: string; readonly holder: string };

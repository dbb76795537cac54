import type { Place } from './place.js';

/** What was seen of addresses, and of who holds them. */
export type AddressObservation =
  /** A node that holds an address on a link, with prefix length, by `ip address`. */
  { readonly kind: 'address-held'; readonly at: Place; readonly address: string };

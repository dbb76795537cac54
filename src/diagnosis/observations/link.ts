import type { Place } from './place.js';

/** What was seen of links, and of what is attached to them. */
export type LinkObservation =
  /** A link's state, by `ip link`. */
  { readonly kind: 'link-state'; readonly at: Place; readonly state: 'up' | 'down' | 'no-carrier' };

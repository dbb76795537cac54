import type { Holder } from '../../network/addresses.js';
import type { Interface } from '../path.js';

/** Where a walk goes on after what was added to it. */
export type Move =
  /** `at`: the node where the packet arrives; absent when it does not. */
  | { readonly kind: 'end'; readonly at: string | undefined }
  /**
   * In at the node it is meant for, by `device`; `undefined` when it never shows on a link. `unfiltered`: past the node's packet filter.
   */
  | { readonly kind: 'deliver'; readonly node: string; readonly device: string | undefined; readonly unfiltered?: true }
  /** Out of a node's link, to a next hop. */
  | ({ readonly kind: 'leave' } & Exit)
  /** Over the segment behind a node's link, to a next hop. */
  | ({ readonly kind: 'cross-segment' } & Exit)
  /** In through a link of the node that holds the next hop. */
  | { readonly kind: 'arrive'; readonly holder: Holder }
  /** Routed by a node. `seen`: the hop it came in by is on the trail already. */
  | { readonly kind: 'forward'; readonly node: string; readonly inDevice: string; readonly seen?: true };

/** How a packet leaves a node: by which link, to which next hop. */
export interface Exit extends Interface {
  readonly next: string;
}

/** It gets no further. */
export const LOST: Move = { kind: 'end', at: undefined };

export function deliver(node: string, device: string | undefined): Extract<Move, { kind: 'deliver' }> {
  return { kind: 'deliver', node, device };
}

export function crossSegment({ node, device, next }: Exit): Move {
  return { kind: 'cross-segment', node, device, next };
}

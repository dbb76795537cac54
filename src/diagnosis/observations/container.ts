import type { Route, Rule } from '../../evidence/facts.js';

/** What was seen inside a container, and of what it gets from beyond the gateway. */
export type ContainerObservation =
  | { readonly kind: 'default-route'; readonly node: string; readonly via: string }
  | { readonly kind: 'no-default-route'; readonly node: string }
  /** A route that forbids, such as `unreachable`. */
  | { readonly kind: 'route-forbids'; readonly node: string; readonly route: Route }
  /** A policy rule that forbids every destination. */
  | { readonly kind: 'rule-forbids'; readonly node: string; readonly rule: Rule }
  /** The main table has a route, and no policy rule looks there. */
  | { readonly kind: 'main-table-unused'; readonly node: string }
  /** The networks a container is on have no IPv6 subnet. */
  | { readonly kind: 'no-ipv6-address'; readonly node: string; readonly networks: readonly string[] }
  /** Replies of a container leave through another of its networks than their requests came in. */
  | {
      readonly kind: 'replies-elsewhere';
      readonly node: string;
      readonly address: string;
      readonly network: string;
      readonly other: string;
      readonly device: string;
      readonly destination: string;
    }
  /** The link that a node's routes choose for a multicast group. */
  | { readonly kind: 'group-route'; readonly node: string; readonly group: string; readonly device: string }
  /** What a web request got back. */
  | { readonly kind: 'web-reply'; readonly node: string; readonly target: string; readonly text: string };

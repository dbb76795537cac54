import type { Rule } from '../../evidence/facts.js';
import type { Place } from './place.js';

/** How the host's own traffic is led into a tunnel: by a policy rule, a route to half the internet, or the tunnel's default route. */
export interface Tunnel {
  readonly device: string;
  readonly how:
    | { readonly kind: 'policy-rule'; readonly priority: number; readonly table: string }
    | { readonly kind: 'half-route'; readonly destination: string }
    | { readonly kind: 'default-route'; readonly link: string };
}

/** What was seen of how a node routes and filters: the Docker host's above all. */
export type HostObservation =
  /** What `ip route get` answers. */
  | {
      readonly kind: 'route';
      readonly node: string;
      readonly destination: string;
      readonly via?: string | undefined;
      readonly device?: string | undefined;
    }
  /** A route that a router's advertisement gave a node, by `ip -6 route`. */
  | {
      readonly kind: 'advertised-route';
      readonly at: Place;
      readonly destination: string;
      readonly via: string | undefined;
    }
  /** A router advertisement in a capture. */
  | { readonly kind: 'router-advertisement'; readonly at: Place }
  /** `outDevice`: where the output is pinned to it, as `ip route get … oif` asks. */
  | {
      readonly kind: 'no-route';
      readonly node: string;
      readonly destination: string;
      readonly outDevice?: string | undefined;
    }
  /** What `ip route get` answers where it should be another device: `subnet` is the route's own destination, where that tells more. */
  | {
      readonly kind: 'route-elsewhere';
      readonly node: string;
      readonly destination: string;
      readonly device: string | undefined;
      readonly subnet?: string;
      readonly expected: string;
    }
  /** The node's own route, through a tunnel, which a packet does not take whose output is pinned to a device. */
  | {
      readonly kind: 'tunnel-route';
      readonly node: string;
      readonly destination: string;
      readonly tunnel: Tunnel;
      readonly pinnedTo: string;
    }
  /** A policy rule, by `ip rule`. */
  | { readonly kind: 'policy-rule'; readonly node: string; readonly rule: Rule }
  /** A policy rule that decides about a source, and what comes of it for a destination. */
  | {
      readonly kind: 'policy-rule-forbids';
      readonly node: string;
      readonly rule: Rule;
      readonly destination: string;
      readonly verdict: string;
    }
  | { readonly kind: 'sysctl'; readonly node: string; readonly name: string; readonly value: string };

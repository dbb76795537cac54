import type { Refusal } from '../../evidence/facts.js';
import type { Place } from './place.js';

/** What was seen of the gateway, of what lies beyond it, of services, and of the engine. */
export type GatewayObservation =
  /** What the engine answered when it was asked to create or start something. */
  | {
      readonly kind: 'engine-error';
      readonly step: Refusal['step'];
      /** The container or network it was about. */
      readonly object: string;
      readonly message: string;
    }
  /** What the engine's API says it runs on. */
  | { readonly kind: 'engine-platform'; readonly operatingSystem: string; readonly rootless: boolean }
  /** The engine's version, by `docker version`. */
  | { readonly kind: 'engine-version'; readonly version: string }
  /** A Docker network without a way out, by `docker network inspect`. */
  | { readonly kind: 'closed-network'; readonly network: string; readonly why: 'internal' | 'no parent' }
  /** The DNS servers of a container, by `docker inspect`. */
  | { readonly kind: 'dns-servers'; readonly container: string; readonly servers: readonly string[] }
  /** A port of the host that a container asks for, on a network whose driver publishes none. */
  | {
      readonly kind: 'published-port';
      readonly container: string;
      readonly protocol: string;
      readonly port: number;
      readonly network: string;
      readonly driver: string;
    }
  /** A service that listens on another address than it is asked at, by `ss -ltnu`. */
  | {
      readonly kind: 'bound-elsewhere';
      readonly node: string;
      readonly protocol: string;
      readonly port: number;
      readonly bound: string;
      readonly address: string;
    }
  /** A Docker network on a parent, by `docker network inspect`. */
  | {
      readonly kind: 'parent-of-network';
      readonly network: string;
      readonly driver: string;
      readonly parent: string;
    }
  /** A link that is a port of a bridge or bond, by `ip link`. */
  | { readonly kind: 'port-of'; readonly at: Place; readonly controller: string }
  /** A setting of a Docker network, by `docker network inspect`. */
  | { readonly kind: 'network-setting'; readonly network: string; readonly setting: string; readonly value: string };

import type { DnsServer, Refusal } from '../../evidence/facts.js';
import type { UplinkFault } from '../symptoms/uplink.js';
import type { Place } from './place.js';

/** What was seen of the gateway, of what lies beyond it, of services, and of the engine. */
export type GatewayObservation =
  /** A route that forbids a subnet, or a part of it, by `ip route`. */
  | {
      readonly kind: 'forbidding-route';
      readonly node: string;
      readonly subnet: string;
      /** `unreachable`, `blackhole`, `prohibit`. */
      readonly type: string;
      readonly destination: string;
    }
  /** A subnet that only the default route of a node matches, by `ip route`. */
  | { readonly kind: 'only-default-route'; readonly node: string; readonly subnet: string }
  /** Routes that were not observed; `destination` is what to ask about. */
  | { readonly kind: 'unseen-routes'; readonly node: string; readonly destination: string }
  /** A route that leads to another next hop, or device, than it should, by `ip route`. */
  | {
      readonly kind: 'wrong-next-hop';
      readonly node: string;
      readonly destination: string;
      readonly leadsTo: string;
      readonly expected: string;
    }
  /** A node that filters reverse paths strictly on a device, and whose own route to the sender's subnet uses another. */
  | {
      readonly kind: 'strict-reverse-path';
      readonly node: string;
      readonly device: string;
      readonly subnet: string;
      readonly via: string | undefined;
      /** The device of its own route; absent where it has no route. */
      readonly back: string | undefined;
    }
  /** How far a node's counter moved while the probes ran, by `nstat`. */
  | { readonly kind: 'counter'; readonly node: string; readonly name: string; readonly packets: number }
  /** Packets that came in at a node and did not leave it again. */
  | { readonly kind: 'not-sent-on'; readonly node: string; readonly source: string; readonly destination: string }
  /** Requests that left an uplink with their sender's own address, and got no reply. */
  | { readonly kind: 'untranslated'; readonly at: Place; readonly source: string; readonly destination: string }
  /** Source NAT rules that translate one address, and none of the others. */
  | {
      readonly kind: 'nat-coverage';
      readonly node: string;
      readonly covered: string;
      readonly sources: readonly string[];
    }
  /** A fault of a gateway's uplink, by `ip link`, `ip route` and `ip rule`. */
  | { readonly kind: 'uplink-fault'; readonly node: string; readonly fault: UplinkFault }
  /** A sender that reaches nothing beyond the gateway. */
  | { readonly kind: 'nothing-beyond'; readonly from: string; readonly gateway: string }
  /** Requests that left the host and were not seen to leave a node's link. */
  | { readonly kind: 'not-leaving'; readonly at: Place; readonly source: string; readonly destination: string }
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
  /** A DNS server of a container, by `resolv.conf`; `holder`: the container of this host that it is. */
  | {
      readonly kind: 'dns-server';
      readonly container: string;
      readonly server: DnsServer;
      readonly holder: string | undefined;
    }
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

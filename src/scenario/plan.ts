import { familyOf } from '../ip.js';
import type { HostPlan } from './parent.js';
import type { PlatformId } from './platforms.js';

/**
 * A plan is a scenario with everything settled: every name resolved, every address known, every default written out.
 * It is plain data, made by {@link planScenario}, and the only thing later stages see of a scenario.
 */

/** The part a node plays. The `switch` is the bridge that every site node is attached to. */
export type NodeKind = 'host' | 'container' | 'gateway' | 'peer' | 'internet' | 'switch';

export interface Plan {
  /** Equals the file's name without `.yaml`. */
  readonly id: string;
  readonly title: string;
  /** Absent when the author gave no reason. */
  readonly why: string | undefined;
  /** The scenario file as it was named on the command line; `undefined` for a plan made in code. */
  readonly file: string | undefined;
  readonly site: SitePlan;
  readonly networks: readonly NetworkPlan[];
  readonly containers: readonly ContainerPlan[];
  readonly faults: readonly FaultPlan[];
  /** The author's checks, or the default ones when the file states none. */
  readonly checks: readonly CheckPlan[];
  /** Further flows that are probed, so that causes can compare: never judged, never in the exit code. */
  readonly comparisons: readonly CheckPlan[];
  /** Exactly the cause ids expected; `undefined` when the author does not say. */
  readonly diagnosis: readonly string[] | undefined;
  readonly remedy: 'verify' | 'skip';
  /** What is legal but will not do what it looks like, such as a gateway on an L3 network. */
  readonly warnings: readonly string[];
  /** Whether a fault or the site changes something global on the host, so that only a disposable host will do. */
  readonly needsDisposableHost: boolean;
  /** Equal for two plans that can share one topology: same site, networks and containers. */
  readonly topologyKey: string;
}

/** The physical network around the host, simulated. All addresses carry their prefix length (`192.168.0.2/24`). */
export interface SitePlan {
  readonly lan: readonly string[];
  readonly host: HostPlan;
  readonly gateway: GatewayPlan;
  readonly peers: readonly PeerPlan[];
  readonly internet: InternetPlan;
  /** The DNS server that containers and host use, without prefix length. */
  readonly resolver: string;
  readonly vlans: readonly VlanPlan[];
  /** What the host is taken to be. Absent: what its firmware says. */
  readonly platform?: PlatformId | undefined;
}

export interface GatewayPlan {
  readonly addresses: readonly string[];
  /** Static routes towards the host, `via` without prefix length. */
  readonly routes: readonly { readonly to: string; readonly via: string }[];
  /** Source subnets whose traffic to the internet is masqueraded. */
  readonly masquerades: readonly string[];
}

export interface PeerPlan {
  readonly name: string;
  readonly addresses: readonly string[];
}

export interface InternetPlan {
  /** Public addresses the internet node answers for, without prefix length; the first is the main one. */
  readonly addresses: readonly string[];
  /** DNS names it answers, each with one or more addresses without prefix length. */
  readonly names: Readonly<Record<string, readonly string[]>>;
}

export interface VlanPlan {
  readonly id: number;
  readonly subnets: readonly string[];
  /** The gateway's addresses on this VLAN, with prefix length. */
  readonly gateways: readonly string[];
}

export type Driver = 'ipvlan' | 'macvlan' | 'bridge';
export type IpvlanMode = 'l2' | 'l3' | 'l3s';
export type MacvlanMode = 'bridge' | 'vepa' | 'private' | 'passthru';

export interface NetworkPlan {
  readonly name: string;
  readonly driver: Driver;
  /** Absent for a bridge network. */
  readonly mode: IpvlanMode | MacvlanMode | undefined;
  /** `ipvlan_flag`; absent means Docker's default, bridge. */
  readonly flag: 'bridge' | 'private' | 'vepa' | undefined;
  /** Absent for a bridge network and for Docker's own dummy link. */
  readonly parent: string | undefined;
  readonly subnets: readonly SubnetPlan[];
  readonly internal: boolean;
  /** Further driver options, passed on as they are. */
  readonly options: Readonly<Record<string, string>>;
}

export interface SubnetPlan {
  readonly subnet: string;
  readonly gateway: string | undefined;
  readonly range: string | undefined;
  /** Docker's `--aux-address`: names and addresses that IPAM does not assign. */
  readonly reserved: Readonly<Record<string, string>>;
}

export interface ContainerPlan {
  readonly name: string;
  /** In order of attachment; the first is given at `docker run`, the rest connected. */
  readonly attachments: readonly AttachmentPlan[];
  /** Docker's `--mac-address`, on the first network; absent leaves it to Docker. */
  readonly mac: string | undefined;
  readonly listens: readonly Listen[];
  /** Docker's `-p`: ports asked for on the host, under the same number. Absent: none. */
  readonly publishes?: readonly Listen[];
  /** Docker's `--dns`, without prefix length. Absent: the site's resolver. */
  readonly dns?: readonly string[];
}

export interface AttachmentPlan {
  readonly network: string;
  /** Without prefix length, one per family at most. Always settled, so that two runs are alike. */
  readonly addresses: readonly string[];
}

export interface Listen {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** A multicast group that it joins on each of the container's links. Absent: it receives what is sent to an address of its own. */
  readonly group?: string;
}

export type FaultPlan =
  | { readonly kind: 'catalogue'; readonly fault: string; readonly parameters: Readonly<Record<string, unknown>> }
  | {
      readonly kind: 'command';
      readonly on: string;
      readonly run: string;
      /** Absent only where the host is disposable. */
      readonly undo: string | undefined;
    };

/** What a check goes over. `mtu` is one IP packet of that many bytes with don't-fragment set. */
export type Over =
  | { readonly protocol: 'icmp' | 'arp' | 'dns' | 'http' }
  /** `broadcast`: a UDP datagram to all hosts on the link, which the target must answer. */
  | { readonly protocol: 'tcp' | 'udp' | 'broadcast'; readonly port: number }
  /** A UDP datagram to a multicast group, which must reach the target. */
  | { readonly protocol: 'multicast'; readonly group: string; readonly port: number }
  | { readonly protocol: 'mtu'; readonly bytes: number };

/** What carries a check's packets, as packet filters name it. */
export function transportOf({ protocol }: Over): string {
  const carriers: Readonly<Partial<Record<Over['protocol'], string>>> = { http: 'tcp', dns: 'udp', mtu: 'icmp' };
  return carriers[protocol] ?? protocol;
}

/** Where a check goes: a node, an address, or a DNS name. */
export interface Target {
  /** As the author wrote it: a node's name, an address or a DNS name. */
  readonly label: string;
  /** The node that owns the address; absent when no node of the plan does. */
  readonly node: string | undefined;
  /** Set when the author gave a DNS name: the probe then resolves it too. */
  readonly name: string | undefined;
  /** The address probed, without prefix length. */
  readonly address: string;
}

export type Expectation =
  | { readonly kind: 'reachable' }
  | { readonly kind: 'blocked' }
  | { readonly kind: 'blocked-by'; readonly cause: string }
  /** Some of the attempts arrive, and the diagnosis names this cause. */
  | { readonly kind: 'flaky-by'; readonly cause: string };

export interface CheckPlan {
  /** Stable and unique within the plan: `webapp>google.com/icmp`. */
  readonly id: string;
  readonly from: string;
  readonly to: Target;
  readonly over: Over;
  readonly expect: Expectation;
  /** Line in the scenario file; absent for default checks and comparisons. */
  readonly line: number | undefined;
}

/** `tcp/443`, `icmp`, `mtu/1500`, `multicast/[ff02::fb]:5353`: how {@link Over} is written in scenarios and reports. */
export function overText(over: Over): string {
  if ('group' in over) return `multicast/${familyOf(over.group) === 6 ? `[${over.group}]` : over.group}:${over.port}`;
  if ('port' in over) return `${over.protocol}/${over.port}`;
  return 'bytes' in over ? `${over.protocol}/${over.bytes}` : over.protocol;
}

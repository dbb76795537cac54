import type { Driver, NodeKind } from '../scenario/plan.js';
import type { PlatformId, PlatformKind } from '../scenario/platforms.js';

/**
 * The data dictionary: every kind of thing a run can know. A fact about several nodes is keyed by node name, and a node
 * that is not in it was **not looked at**: absence is never a negative. What could not be looked at, and why, is in
 * `Evidence.missing`.
 */
export interface Facts {
  readonly engine: EngineFact;
  /** Every node of the run with what it was meant to be. */
  readonly nodes: readonly NodeFact[];
  /** Docker networks the run concerns, as `docker network inspect` shows them. */
  readonly networks: readonly NetworkFact[];
  /** Containers attached to them, as `docker inspect` shows them. Never their environment or labels. */
  readonly containers: readonly ContainerFact[];
  /**
   * What the engine refused when the networks and containers were made or started, in the order it was asked. Empty when it
   * refused nothing.
   */
  readonly refusals: readonly Refusal[];
  /** `ip -details -json address show`: links with their addresses. */
  readonly links: PerNode<readonly Link[]>;
  /** `ip -json route show table all`, both families. */
  readonly routes: PerNode<readonly Route[]>;
  /** `ip -json rule show`, both families, in order of priority. */
  readonly rules: PerNode<readonly Rule[]>;
  /** `ip -json neighbour show`, taken **after** the probes, so that what they left behind shows. */
  readonly neighbours: PerNode<readonly Neighbour[]>;
  /** What each node listens on, from `/proc/net/tcp` and its like. Absent in evidence of older versions. */
  readonly sockets: PerNode<readonly Socket[]>;
  /** Sysctls that matter to forwarding and addressing, by dotted name. A name the kernel lacks is absent. */
  readonly sysctls: PerNode<Readonly<Record<string, string>>>;
  /** How far a node's counters moved while the probes ran. */
  readonly counters: PerNode<Counters>;
  /** Packet filter rules and how far their counters moved while the probes ran. */
  readonly firewall: PerNode<Firewall>;
  /** Traffic control filters and XDP programs on links, below everything IP: `tc filter show`. */
  readonly linkFilters: PerNode<readonly LinkFilter[]>;
  /** Queues of links, and what they dropped: `tc -s qdisc show`. Absent in evidence of older versions. */
  readonly queues: PerNode<readonly Queue[]>;
  /** What became of the probes' first packets in a node's packet filter, by `nft monitor trace`. */
  readonly traces: PerNode<readonly Trace[]>;
  /**
   * Packets the host's kernel dropped while the probes ran, by `skb:kfree_skb`. It is the kernel of every container on it and
   * of a simulated site too, whatever they are to the probes. Absent in evidence of older versions.
   */
  readonly drops: PerNode<readonly Drop[]>;
  /** What was captured while the probes ran. */
  readonly captures: readonly Capture[];
  /** What machine the Docker host is, under its name. Absent where its firmware does not say. */
  readonly platform: PerNode<PlatformFact>;
}

export type FactName = keyof Facts;
export type PerNode<T> = Readonly<Record<string, T>>;

export interface EngineFact {
  /** `Docker Engine`, or what else answered with Docker's API. */
  readonly product: string;
  readonly version: string;
  readonly apiVersion: string;
  readonly kernel: string;
  readonly operatingSystem: string;
  /** True when it runs as a user, in a network namespace of its own. Absent in evidence of older versions. */
  readonly rootless?: boolean;
  /** True when the host may be changed and thrown away: the lab. */
  readonly disposable: boolean;
}

export interface NodeFact {
  readonly name: string;
  readonly kind: NodeKind;
  /** Without prefix length. For the host: its addresses on the parent. */
  readonly addresses: readonly string[];
}

export interface PlatformFact {
  readonly id: PlatformId;
  readonly kind: PlatformKind;
  /** As people call it: `Amazon EC2`, `Dell Inc. PowerEdge R740`. */
  readonly product: string;
  /** Names of the host's Wi-Fi links: those the kernel has a radio for (`phy80211`). */
  readonly wireless: readonly string[];
  /** `firmware`: read from DMI. `assumed`: the scenario says so. */
  readonly origin: 'firmware' | 'assumed';
}

export interface NetworkFact {
  readonly name: string;
  readonly id: string;
  readonly driver: Driver;
  /** Mode Docker was asked for: `ipvlan_mode` or `macvlan_mode`; `undefined` on a bridge network. */
  readonly mode: string | undefined;
  readonly flag: string | undefined;
  /** The link on the host the network hangs on; a bridge network's own bridge; `undefined` when Docker made a dummy. */
  readonly parent: string | undefined;
  readonly internal: boolean;
  readonly subnets: readonly NetworkSubnet[];
  readonly options: Readonly<Record<string, string>>;
  /** Whether Docker was told to give IPv4 addresses; absent where it was not asked, and in evidence of older versions. */
  readonly ipv4?: boolean;
  /** Whether Docker was told to give IPv6 addresses; absent in evidence of older versions. */
  readonly ipv6?: boolean;
  /** Containers may join it although the swarm owns it. Absent: not so, or not known. */
  readonly attachable?: boolean;
  /** `swarm` for a network of the whole swarm. Absent: the host's own, or not known. */
  readonly scope?: 'swarm';
  /** The configuration network it takes its addresses and options from. Absent: none, or not known. */
  readonly configFrom?: string;
  /** Address management, where it is not Docker's default. Absent: the default, or not known. */
  readonly ipam?: { readonly driver?: string; readonly options?: Readonly<Record<string, string>> };
  /** Labels, without those of ipvlan-doctor. Absent: none, or not known. */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * What the engine warned of when the network was made for the run, and what it made otherwise than it was asked, one clause
   * each, without a full stop. Absent when it warned of nothing, of a network that was there before, and in evidence of older
   * versions.
   */
  readonly warnings?: readonly string[];
}

export interface NetworkSubnet {
  readonly subnet: string;
  readonly gateway: string | undefined;
  /** The part of the subnet Docker gives addresses from. Absent: the whole, or not known. */
  readonly range?: string;
  /** Names and addresses that Docker gives to no container: `--aux-address`. Absent: none, or not known. */
  readonly reserved?: Readonly<Record<string, string>>;
}

export interface ContainerFact {
  readonly name: string;
  /** Empty for one that was never created. */
  readonly id: string;
  /** `running`, `created`, `exited`, … as Docker has it; `absent` for one that Docker refused to create. */
  readonly state: string;
  /** By network name. Addresses without prefix length; `gateway` as Docker reports it, absent when it has none. */
  readonly attachments: readonly {
    readonly network: string;
    readonly addresses: readonly string[];
    readonly gateway: string | undefined;
  }[];
  /** `docker run --dns`: the servers Docker's resolver passes its questions on to. Absent: Docker's own choice, the host's. */
  readonly dns?: readonly string[];
  /** `docker run -p`, as asked for. Absent: nothing was. */
  readonly publishes?: readonly PublishedPort[];
  /** What the engine warned of when the container was made for the run. Absent as for networks. */
  readonly warnings?: readonly string[];
}

export interface PublishedPort {
  readonly protocol: 'tcp' | 'udp';
  /** In the container. */
  readonly port: number;
  /** On the host; `undefined` where Docker was to choose. */
  readonly hostPort: number | undefined;
}

/** A port somebody listens on. */
export interface Socket {
  readonly protocol: 'tcp' | 'udp';
  /** `0.0.0.0` and `::` for every address; `::` usually takes IPv4 too. */
  readonly address: string;
  readonly port: number;
}

/** Something the engine was asked to do and did not. */
export interface Refusal {
  readonly step: 'create-network' | 'create-container' | 'connect' | 'start-container';
  /**
   * The network it was asked to make or to connect. For a container that was to be created or started, all its networks in
   * order of attachment: the engine need not say which of them it means.
   */
  readonly networks: readonly AskedNetwork[];
  /** Absent when a network was refused. */
  readonly container: AskedContainer | undefined;
  /** The engine's own sentence, without a full stop. */
  readonly message: string;
}

/** A network as it was asked for, whether or not it stands. Values the driver does not know are kept as they were given. */
export type AskedNetwork = Omit<NetworkFact, 'id'>;

export interface AskedContainer {
  readonly name: string;
  /** Fixed addresses it asked for, without prefix length. */
  readonly addresses: readonly string[];
  /** Hardware address it asked for; absent when it left that to Docker. */
  readonly mac: string | undefined;
}

export interface Link {
  readonly index: number;
  readonly name: string;
  /** `IFF_UP`: an administrator wants it up. */
  readonly adminUp: boolean;
  /** `IFF_LOWER_UP`: there is a carrier. Not to be trusted on an IPvlan link whose parent is down. */
  readonly carrier: boolean;
  /** `UP`, `DOWN`, `UNKNOWN`, `LOWERLAYERDOWN`, … as the kernel says. */
  readonly operState: string;
  readonly noArp: boolean;
  readonly mtu: number;
  readonly mac: string | undefined;
  /** `ipvlan`, `macvlan`, `vlan`, `veth`, `bridge`, …; `undefined` for a physical card. */
  readonly kind: string | undefined;
  /** Mode and flag of an IPvlan or macvlan link, as the kernel has them now. */
  readonly mode: string | undefined;
  readonly flag: string | undefined;
  /** VLAN id of a VLAN link. */
  readonly vlan: number | undefined;
  /** The link a VLAN, IPvlan or macvlan link hangs on; absent where that is in another namespace, and on other links. */
  readonly lower?: string;
  /** The bridge or bond this link is a port of. */
  readonly controller: string | undefined;
  /** With prefix length. */
  readonly addresses: readonly string[];
}

export interface Route {
  readonly family: 4 | 6;
  /** Table name or number as `ip` prints it; `main` when it prints none. */
  readonly table: string;
  /** `unicast`, `local`, `broadcast`, `unreachable`, `blackhole`, `prohibit`, … */
  readonly type: string;
  /** `default` is written `0.0.0.0/0` or `::/0`; a host route carries /32 or /128. */
  readonly destination: string;
  readonly via: string | undefined;
  readonly device: string | undefined;
  readonly metric: number;
  readonly scope: string | undefined;
  readonly source: string | undefined;
  /** `linkdown`, `dead`, `onlink`, … */
  readonly flags: readonly string[];
}

export interface Rule {
  readonly family: 4 | 6;
  readonly priority: number;
  /** Subnet or address; `undefined` means all. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly inDevice: string | undefined;
  readonly outDevice: string | undefined;
  /** `0xca6c`, or `0x10/0xf0` with a mask. */
  readonly mark: string | undefined;
  readonly inverted: boolean;
  /** Table looked up; `undefined` for a rule with an action. */
  readonly table: string | undefined;
  /** Matches of this prefix length and shorter do not count: with 0 the table's default route does not. */
  readonly suppressPrefix?: number;
  /** Further selectors, which no lookup of ours can judge: `ipproto`, `sport`, `uid_start`, `tos`, … Absent when none. */
  readonly others?: readonly string[];
  /** `unreachable`, `blackhole`, `prohibit`; `undefined` for a lookup. */
  readonly action: string | undefined;
}

export interface Neighbour {
  readonly address: string;
  readonly device: string;
  /** Absent while unresolved. */
  readonly mac: string | undefined;
  /** `REACHABLE`, `STALE`, `FAILED`, `INCOMPLETE`, `PERMANENT`, … */
  readonly state: string;
}

/** Differences between after and before the probes. */
export interface Counters {
  /** Packets each interface refused to send: for IPvlan L3, the host's namespace turned them down. */
  readonly txDropped: Readonly<Record<string, number>>;
  /**
   * `/proc/net/snmp`, `netstat` and `snmp6`, such as `IpOutDiscards`, `IpOutNoRoutes`, `TcpExtIPReversePathFilter`,
   * `Ip6OutNoRoutes`. Those that did not move are left out.
   */
  readonly protocol: Readonly<Record<string, number>>;
}

export interface Firewall {
  /** Which of the packet filter's front doors could be read; of one that is not here nothing is known. */
  readonly readable: readonly FirewallBackend[];
  readonly chains: readonly FirewallChain[];
  readonly rules: readonly FirewallRule[];
  /** Named sets of nftables that rules refer to as `@name`. Absent when they were not read: rules with sets are then unclear. */
  readonly sets?: readonly FirewallSet[];
}

export interface FirewallSet {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  /** Addresses, subnets, interface names or ranges, as nftables prints them. */
  readonly elements: readonly string[];
}

export type FirewallBackend = 'nftables' | 'iptables-nft' | 'iptables-legacy';

export interface FirewallChain {
  readonly backend: FirewallBackend;
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  /** Netfilter hook (`output`, `forward`, …); `undefined` for a chain reached only by jumps. */
  readonly hook: string | undefined;
  readonly priority: number | undefined;
  /** `filter`, `nat`, `route`; `undefined` for a chain without a hook. */
  readonly type: string | undefined;
  /** `accept` or `drop`; `undefined` for a chain without a hook. */
  readonly policy: string | undefined;
  /** Packets the policy decided while the probes ran; only iptables-legacy counts them. */
  readonly policyPackets: number | undefined;
  /** Links a chain of the netdev family hangs on; absent for every other family. */
  readonly devices?: readonly string[];
}

export interface FirewallRule {
  readonly backend: FirewallBackend;
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  /** nftables handle; `undefined` for iptables-legacy. */
  readonly handle: number | undefined;
  /** The rule as the administrator would write it, without counters. */
  readonly text: string;
  /** `accept`, `drop`, `reject`, `masquerade`, `snat`, `dnat`, `jump x`, `vmap`, …; `undefined` when it decides nothing. */
  readonly verdict: string | undefined;
  /** Packets it matched while the probes ran; `undefined` when the rule has no counter. */
  readonly packets: number | undefined;
}

/** Something that hangs on a link itself and may take packets away, whatever protocol and mode they are of. */
export interface LinkFilter {
  readonly device: string;
  /** What it sees: packets that come in by the link, or leave by it. */
  readonly way: 'ingress' | 'egress';
  readonly kind: 'tc' | 'xdp';
  /** As `tc` prints it, on one line; the program's name where it is one. */
  readonly text: string;
  /** tc's own priority (`pref`), by which it can be removed; absent for XDP. */
  readonly priority: number | undefined;
  /** What it does: `drop`, `pass`, `mirred`, …; `undefined` for a program, which alone knows. */
  readonly action: string | undefined;
  /** Address or subnet it selects as source or destination, where it says so in words that can be read. */
  readonly source: string | undefined;
  readonly destination: string | undefined;
  /** Packets its action has taken since it was put there; `undefined` when it does not count. */
  readonly packets: number | undefined;
}

/** What packets wait in before they leave by a link. */
export interface Queue {
  readonly device: string;
  /** `netem`, `fq_codel`, `tbf`, …; `noqueue` where they do not wait. */
  readonly kind: string;
  /** The class of another queue it is in; `undefined` for a link's own. */
  readonly parent: string | undefined;
  /** As `tc` takes them: `limit 1000 loss 30%`. */
  readonly options: string;
  /** Packets it dropped since it was put there. */
  readonly dropped: number;
}

/** One packet's way through a node's nftables, those of iptables-nft included. iptables-legacy does not show. */
export interface Trace {
  /** ICMP echo identifier, or both ports: one of them is the probe's tag. */
  readonly tags: readonly number[];
  readonly source: string;
  readonly destination: string;
  /** What dropped or rejected it, `rule` absent where a policy did; absent as a whole when nothing did. */
  readonly dropped:
    | { readonly family: string; readonly table: string; readonly chain: string; readonly rule: string | undefined }
    | undefined;
}

/** Packets the kernel gave up at one place for one reason. */
export interface Drop {
  /** The kernel's own name for it, such as `NETFILTER_DROP`; `NOT_SPECIFIED` where it has none. */
  readonly reason: string;
  /** Function that gave them up: `nft_do_chain [nf_tables]`. `undefined` with kernels that do not print its name. */
  readonly location: string | undefined;
  readonly family: 4 | 6;
  /** Tag of the probe whose own process was at work; `undefined` for packets that could be anybody's. */
  readonly tag: number | undefined;
  /** How many. Tools that are told of the loss may send one packet again and again. */
  readonly packets: number;
}

/** One vantage point's packets. Packets of other people's traffic are filtered out before they are kept. */
export interface Capture {
  readonly node: string;
  readonly device: string;
  /** Whether the positive control (a packet we know was sent) was seen: without it, silence proves nothing. */
  readonly control: 'seen' | 'not seen' | 'none sent';
  readonly packets: readonly Packet[];
  /** Capture file within the report directory; `undefined` when none was kept. */
  readonly file: string | undefined;
}

export interface Packet {
  /** Milliseconds since the capture began. */
  readonly atMs: number;
  /** Seen from the node: `out` left it through the device, `in` arrived. */
  readonly direction: 'in' | 'out';
  readonly sourceMac: string;
  readonly targetMac: string;
  /** VLAN tag on the frame; `undefined` when untagged. */
  readonly vlan: number | undefined;
  readonly content: PacketContent;
}

export type PacketContent =
  | {
      readonly kind: 'arp';
      readonly operation: 'request' | 'reply';
      readonly sender: string;
      readonly target: string;
      readonly senderMac: string;
    }
  | {
      /** IPv6 neighbour solicitation or advertisement. */
      readonly kind: 'nd';
      readonly operation: 'request' | 'reply';
      readonly sender: string;
      readonly target: string;
    }
  | {
      readonly kind: 'icmp';
      readonly source: string;
      readonly destination: string;
      readonly type: 'echo-request' | 'echo-reply' | 'unreachable' | 'redirect' | 'time-exceeded' | 'other';
      /** ICMP code, such as 4 for fragmentation needed. */
      readonly code: number;
      /** Echo identifier and sequence; for errors, those of the packet complained about when it was an echo. */
      readonly id: number | undefined;
      readonly sequence: number | undefined;
      readonly ttl: number;
    }
  | {
      readonly kind: 'tcp' | 'udp';
      readonly source: string;
      readonly destination: string;
      readonly sourcePort: number;
      readonly destinationPort: number;
      /** `S`, `SA`, `A`, `R`, `F`, … ; empty for UDP. */
      readonly flags: string;
      readonly ttl: number;
    }
  | { readonly kind: 'ip'; readonly source: string; readonly destination: string; readonly protocol: number }
  | { readonly kind: 'other'; readonly etherType: number };

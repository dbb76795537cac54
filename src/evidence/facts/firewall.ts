export interface Firewall {
  /** Which interfaces of the packet filter could be read. About one that is not listed, nothing is known. */
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

/** The last three are of routers that run no Linux: their rules are translated into words of nftables. */
export type FirewallBackend = 'nftables' | 'iptables-nft' | 'iptables-legacy' | 'routeros' | 'pf' | 'cisco-ios';

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
  /** Links that a chain of the netdev family is attached to; absent for every other family. */
  readonly devices?: readonly string[];
}

export interface FirewallRule {
  readonly backend: FirewallBackend;
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  /** nftables handle; `undefined` for iptables-legacy. */
  readonly handle: number | undefined;
  /**
   * The rule as the administrator would write it, without counters. Of a router that runs no Linux: the same in words of
   * nftables, with the word `unclear` where a part of it has no translation.
   */
  readonly text: string;
  /** The rule as such a router prints it; absent where `text` is that. */
  readonly printed?: string;
  /**
   * `accept`, `drop`, `reject`, `masquerade`, `snat`, `dnat`, `jump x`, `vmap`, …; `unclear` when what it decides cannot be told;
   * `undefined` when it decides nothing.
   */
  readonly verdict: string | undefined;
  /** Packets it matched while the probes ran; `undefined` when the rule has no counter. */
  readonly packets: number | undefined;
}

/** One packet's path through a node's nftables, those of iptables-nft included. iptables-legacy does not show. */
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

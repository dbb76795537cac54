/** Differences between after and before the probes. */
export interface Counters {
  /** Packets that each interface did not send: for IPvlan L3, the host's namespace dropped them. */
  readonly txDropped: Readonly<Record<string, number>>;
  /**
   * `/proc/net/snmp`, `netstat` and `snmp6`, such as `IpOutDiscards`, `IpOutNoRoutes`, `TcpExtIPReversePathFilter`,
   * `Ip6OutNoRoutes`. Those that did not move are left out.
   */
  readonly protocol: Readonly<Record<string, number>>;
  /** Packets of each leg of a bond. Absent where there is none, and in evidence before 1.7.0. */
  readonly legs?: Readonly<Record<string, LegCounters>>;
}

/** Packets that came in through a link, and that went out. */
export interface LegCounters {
  readonly received: number;
  readonly sent: number;
}

/** Packets that the kernel dropped at one place for one reason. */
export interface Drop {
  /** The kernel's own name for it, such as `NETFILTER_DROP`; `NOT_SPECIFIED` where it has none. */
  readonly reason: string;
  /** Function that dropped them: `nft_do_chain [nf_tables]`. `undefined` with kernels that do not print its name. */
  readonly location: string | undefined;
  readonly family: 4 | 6;
  /** Tag of the probe whose own process was at work; `undefined` for packets that may belong to any process. */
  readonly tag: number | undefined;
  /** How many. A tool that gets an error may send one packet again and again. */
  readonly packets: number;
}

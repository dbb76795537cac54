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
  /**
   * From what the node learned it: a router advertisement, DHCP, or an ICMP redirect. Absent: it was configured, or not known,
   * also in evidence before 1.6.0.
   */
  readonly learned?: 'ra' | 'dhcp' | 'redirect';
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
  /** Further selectors, which our lookup does not evaluate: `ipproto`, `sport`, `uid_start`, `tos`, … Absent when none. */
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

/** Who replies for an address on a link, asked by ARP or neighbour discovery. */
export interface AddressHolders {
  readonly address: string;
  /** The asker's link. */
  readonly device: string;
  /** Lower case, in the order of the replies; empty where none came. */
  readonly macs: readonly string[];
}

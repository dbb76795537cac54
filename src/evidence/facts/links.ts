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
  /** Mode and flag of an IPvlan or macvlan link, as the kernel has them now. Of a bond, its mode: `active-backup`. */
  readonly mode: string | undefined;
  readonly flag: string | undefined;
  /** VLAN id of a VLAN link. */
  readonly vlan: number | undefined;
  /** The link a VLAN, IPvlan or macvlan link is attached to; absent where that is in another namespace, and on other links. */
  readonly lower?: string;
  /** The bridge or bond this link is a port of. */
  readonly controller: string | undefined;
  /** With prefix length. */
  readonly addresses: readonly string[];
  /** Of a bond. Absent on other links, and in evidence before 1.7.0. */
  readonly bond?: BondState;
  /** Of a bridge. Absent on other links, and in evidence before 1.7.0. */
  readonly bridge?: BridgeSettings;
  /** Of a port of a bridge or bond, as that uses it. Absent on other links, and in evidence before 1.7.0. */
  readonly leg?: LegState;
}

export interface BondState {
  /** The leg that carries what the bond sends; absent in modes that use all of them, and where none is up. */
  readonly activeLeg: string | undefined;
}

export interface BridgeSettings {
  /** Whether it runs the spanning tree protocol. */
  readonly stp: boolean;
  /** Whether it forwards multicast only to ports that asked for it. */
  readonly snooping: boolean;
}

export interface LegState {
  /** As the kernel says, in small letters: `active` and `backup` in a bond; `forwarding`, `disabled`, … in a bridge. */
  readonly state: string;
  /** What a bond takes the leg's link to be: `up`, `down`, `going_down`, `going_back`. Absent in a bridge. */
  readonly mii: string | undefined;
  /** How often a bond has lost the leg. Absent in a bridge. */
  readonly failures: number | undefined;
  /** The MAC address that the leg had before it was put into the bond. Absent in a bridge. */
  readonly permanentMac: string | undefined;
}

/** A filter that is attached to a link itself and may drop packets of any protocol and mode. */
export interface LinkFilter {
  readonly device: string;
  /** What it sees: packets that come in through the link, or leave through it. */
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

/** A queue in which packets wait before they leave through a link. */
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

import type { Driver } from '../../scenario/plan.js';

export interface NetworkFact {
  readonly name: string;
  readonly id: string;
  readonly driver: Driver;
  /** Mode Docker was asked for: `ipvlan_mode` or `macvlan_mode`; `undefined` on a bridge network. */
  readonly mode: string | undefined;
  readonly flag: string | undefined;
  /** The parent on the host; a bridge network's own bridge; `undefined` when Docker created a dummy link. */
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
   * What the engine warned of when the network was created for the run, and what it did not create as asked, one clause
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

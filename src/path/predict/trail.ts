import type { Holder } from '../../network/addresses.js';
import { holdersOf } from '../../network/holders.js';
import type { NetworkState } from '../../network/network-state.js';
import type { TrackedState } from '../../network/rule-match.js';
import type { Unseen } from '../reason.js';
import type { ArpEntries } from './arp-entries.js';
import type { Leg, PredictedPacket, PredictedHop } from './leg.js';

/** Source addresses that were changed in the forward direction, and by which node: it changes replies back. */
export type Translations = ReadonlyMap<string, { readonly node: string; readonly original: string }>;

/** What a walk begins with. */
export interface Start {
  readonly packet: PredictedPacket;
  /** NAT decides about what begins a connection: replies are only changed back. */
  readonly direction: 'forward' | 'return';
  readonly translations: Translations;
  /** Nodes that sent the request or passed it on; absent while it is the request itself that is walked. */
  readonly forwarders?: ReadonlySet<string>;
  /** Nodes that passed the reply on, where it is what follows a connection's first packet that is walked. */
  readonly repliedBy?: ReadonlySet<string> | undefined;
  /** Absent in a prediction without observations. */
  readonly learned?: ArpEntries | undefined;
  /** What was not seen of a router's NAT, where it leaves open whether the reply is sent to the address that the walk begins with. */
  readonly openNat?: Unseen | undefined;
}

/** One walk under way: the packet as it is now, and the hops behind it. */
export class Trail {
  readonly network: NetworkState;
  readonly translations: Translations;
  readonly begins: boolean;
  readonly openNat: Unseen | undefined;
  readonly #forwarders: ReadonlySet<string>;
  readonly #repliedBy: ReadonlySet<string> | undefined;
  readonly #learned: ArpEntries | undefined;
  /** Nodes that passed it on so far. */
  passed = 0;
  packet: PredictedPacket;
  readonly #hops: PredictedHop[] = [];

  constructor(network: NetworkState, { packet, direction, translations, forwarders = new Set(), ...rest }: Start) {
    this.network = network;
    this.openNat = rest.openNat;
    this.packet = packet;
    this.begins = direction === 'forward';
    this.translations = translations;
    this.#forwarders = forwarders;
    this.#learned = rest.learned;
    this.#repliedBy = rest.repliedBy;
  }

  /** What a node that sees both directions makes of the packet. */
  get tracked(): TrackedState {
    return this.begins ? 'new' : 'established';
  }

  /**
   * The connection state a node sees. A reply to a request that took another path belongs to no connection it has seen, and so does what
   * follows a first packet whose reply took another path.
   */
  trackedAt(node: string): TrackedState {
    if (this.#repliedBy) return this.#repliedBy.has(node) ? 'established' : 'invalid';
    if (this.begins || this.#forwarders.has(node)) return this.tracked;
    return this.packet.protocol === 'udp' ? 'new' : 'invalid';
  }

  /** Who answers for an address on the asker's segment: of several, the one whose MAC address the asker has learned. */
  holder(address: string, asker: string): Holder | undefined {
    const all = holdersOf(this.network, address, asker);
    const mac = this.#learned?.macOf(asker, address);
    const learned = all.find(({ node, device }) => this.network.links.link(node.name, device)?.mac === mac);
    return (mac === undefined ? undefined : learned) ?? all[0];
  }

  add(...hops: readonly PredictedHop[]): void {
    this.#hops.push(...hops);
  }

  endedAt(at: string | undefined): Leg {
    return { hops: this.#hops, at, packet: this.packet };
  }
}

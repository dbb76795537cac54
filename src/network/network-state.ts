import type { Facts, Firewall, Socket } from '../evidence/facts.js';
import { Addresses } from './addresses.js';
import { linkFiltered, type LinkFiltered, type LinkSide } from './link-filter.js';
import { Links } from './links.js';
import { Names } from './names.js';
import { Routing } from './routing.js';
import type { Passing } from './rule-match.js';
import { droppedOnWire, type OnWire, type WireFilter } from './wire.js';

/**
 * The configuration of the network as far as it is known, asked in one place. What is absent was not looked at: every function
 * returns `undefined` then, which is never a negative. What packets, neighbour tables and counters showed is in `Observations`.
 */
export class NetworkState {
  readonly names: Names;
  readonly links: Links;
  readonly addresses: Addresses;
  readonly routing: Routing;
  readonly #facts: Pick<Partial<Facts>, 'firewall' | 'linkFilters' | 'sockets'>;
  readonly #wire: readonly WireFilter[];

  /** @param wire what is assumed to drop packets between the host and the others; nothing does where it was not assumed */
  constructor(facts: Partial<Facts>, wire: readonly WireFilter[] = []) {
    this.#wire = wire;
    this.names = new Names(facts);
    this.links = new Links(facts);
    this.addresses = new Addresses(this);
    this.routing = new Routing(facts);
    this.#facts = facts;
  }

  /** A node's packet filter; `undefined` where it was not read. */
  firewall(node: string): Firewall | undefined {
    return this.#facts.firewall?.[node];
  }

  /** What the filters on a link itself do to a packet. */
  linkFiltered(side: LinkSide, packet: Passing): LinkFiltered {
    return linkFiltered(this.#facts, side, packet);
  }

  /** What is assumed to drop a packet on the wire; `undefined` where nothing is. */
  onWire(packet: OnWire): WireFilter | undefined {
    return droppedOnWire(this.#wire, packet);
  }

  /** What a node listens on; `undefined` where that was not seen. */
  sockets(node: string): readonly Socket[] | undefined {
    return this.#facts.sockets?.[node];
  }
}

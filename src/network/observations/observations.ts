import type { AddressHolders, Capture, Counters, Drop, Facts, Neighbour, Queue, Trace } from '../../evidence/facts.js';
import { sameAddress } from '../../ip.js';

/** Who replied for an address, and the node that asked. */
export interface AskedFor extends AddressHolders {
  readonly node: string;
}

/** A queue, and the node it is on. */
export interface NodeQueue extends Queue {
  readonly node: string;
}

/**
 * What was observed while the probes ran: captures, counters, neighbour tables, traces. Apart from `NetworkState`, so that a
 * prediction never reads what it is compared with.
 */
export class Observations {
  readonly #facts: Partial<Facts>;

  constructor(facts: Partial<Facts>) {
    this.#facts = facts;
  }

  /** Everything that was captured. */
  get captures(): readonly Capture[] {
    return this.#facts.captures ?? [];
  }

  /** What a node captured on a device, or on any it has. */
  capture(node: string, device?: string): Capture | undefined {
    const own = this.captures.filter((capture) => capture.node === node);
    return device === undefined ? own[0] : own.find((capture) => capture.device === device);
  }

  /** A node's neighbour table as it was after the probes; `undefined` where it was not read. */
  neighbours(node: string): readonly Neighbour[] | undefined {
    return this.#facts.neighbours?.[node];
  }

  /** The entry a node has for an address. */
  neighbour(node: string | undefined, address: string): Neighbour | undefined {
    return this.neighbours(node ?? '')?.find((one) => sameAddress(one.address, address));
  }

  /** Who replied for an address; empty where no node asked for it. */
  askedFor(address: string): readonly AskedFor[] {
    const all = Object.entries(this.#facts.addressHolders ?? {});
    return all.flatMap(([node, asked]) =>
      asked.filter((one) => sameAddress(one.address, address)).map((one) => ({ ...one, node })),
    );
  }

  /** How far a node's counters moved; `undefined` where they were not read. */
  counters(node: string): Counters | undefined {
    return this.#facts.counters?.[node];
  }

  queues(node: string): readonly Queue[] | undefined {
    return this.#facts.queues?.[node];
  }

  /** The queues of all nodes whose queues were read. */
  get queuesOfAll(): readonly NodeQueue[] {
    const all = Object.entries(this.#facts.queues ?? {});
    return all.flatMap(([node, queues]) => queues.map((queue) => ({ ...queue, node })));
  }

  traces(node: string): readonly Trace[] | undefined {
    return this.#facts.traces?.[node];
  }

  drops(node: string): readonly Drop[] | undefined {
    return this.#facts.drops?.[node];
  }
}

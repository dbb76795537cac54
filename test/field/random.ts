/** Choices that a seed decides: the same seed always makes the same ones, on any machine. */
export class Random {
  #state: number;

  constructor(seed: string) {
    // FNV-1a: seeds that differ in one digit begin far apart.
    this.#state = Buffer.from(seed).reduce((hash, one) => Math.imul(hash ^ one, 0x01000193), 0x811c9dc5);
  }

  /** An integer from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.#next() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.#next() < probability;
  }

  /** @throws Error for an empty list */
  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.int(0, items.length - 1)];
    if (item === undefined) throw new Error('There is nothing to choose from.');
    return item;
  }

  /** Some of a list, each at most once, in random order. */
  take<Item>(items: readonly Item[], count: number): readonly Item[] {
    const left = [...items];
    const wanted = Math.min(count, left.length);
    return Array.from({ length: wanted }, () => left.splice(this.int(0, left.length - 1), 1)).flat();
  }

  /** mulberry32 */
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }
}

import { createHmac } from 'node:crypto';

/** Whether the bit that follows a prefix keeps its value. */
type Keeps = (prefix: string) => boolean;

/**
 * Renames bit strings so that two share as many leading bits afterwards as before: whether a bit is flipped depends on a key
 * and on the bits before it alone. What lay in one subnet still does, and nothing else does.
 *
 * @see Xu, Fan, Ammar, Moon: Prefix-preserving IP address anonymization (2002)
 */
export class Permutation {
  readonly #key: Buffer;
  readonly #keeps: Keeps;
  readonly #flips = new Map<string, boolean>();

  constructor(key: Buffer, keeps: Keeps) {
    this.#key = key;
    this.#keeps = keeps;
  }

  rename(bits: string): string {
    let renamed = '';
    for (let at = 0; at < bits.length; at++)
      renamed += (bits[at] === '1') !== this.#flipsAfter(bits.slice(0, at)) ? '1' : '0';
    return renamed;
  }

  #flipsAfter(prefix: string): boolean {
    if (this.#keeps(prefix)) return false;
    const known = this.#flips.get(prefix);
    if (known !== undefined) return known;
    const flips = ((createHmac('sha256', this.#key).update(prefix).digest()[0] ?? 0) & 1) === 1;
    this.#flips.set(prefix, flips);
    return flips;
  }
}

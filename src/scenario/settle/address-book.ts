import { bare } from '../../ip.js';
import type { Problems } from '../problems.js';
import type { Path } from '../source.js';

/** Why an address without an owner should not be assigned. */
interface Kept {
  readonly why: string;
  /** Whether every version of Docker rejects it; otherwise only some do. */
  readonly rejected: boolean;
}

/** Who owns which address while a scenario is being settled, so that no address is given away twice. */
export class AddressBook {
  readonly #owners = new Map<string, string>();
  readonly #kept = new Map<string, Kept>();

  constructor(readonly problems: Problems) {}

  /** Notes an owner; a second one is a problem at `path`. */
  claim(address: string, owner: string, path: Path): void {
    const key = bare(address);
    const other = this.#owners.get(key);
    const kept = this.#kept.get(key);
    if (other !== undefined || kept?.rejected) {
      const taken = other === undefined ? `is ${kept?.why}` : `already belongs to ${other}`;
      this.problems.add(path, `${key} ${taken}. Give ${owner} another address.`);
      return;
    }
    if (kept) this.problems.warn(path, `${key} is ${kept.why}.`);
    this.#owners.set(key, owner);
  }

  /** Reserves an address, unless it has an owner. */
  keep(address: string, kept: Kept): void {
    const key = bare(address);
    if (!this.#kept.get(key)?.rejected) this.#kept.set(key, kept);
  }

  isFree(address: string): boolean {
    return !this.#owners.has(bare(address)) && !this.#kept.has(bare(address));
  }
}

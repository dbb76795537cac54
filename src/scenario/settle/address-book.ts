import { bare } from '../../ip.js';
import type { Problems } from '../problems.js';
import type { Path } from '../source.js';

/** Why an address nobody owns should not be given away. */
interface Kept {
  readonly why: string;
  /** Whether Docker certainly refuses it; otherwise only some versions do. */
  readonly refused: boolean;
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
    if (other !== undefined || kept?.refused) {
      const taken = other === undefined ? `is ${kept?.why}` : `already belongs to ${other}`;
      this.problems.add(path, `${key} ${taken}. Give ${owner} another address.`);
      return;
    }
    if (kept) this.problems.warn(path, `${key} is ${kept.why}.`);
    this.#owners.set(key, owner);
  }

  /** Keeps an address from being given away, unless somebody owns it. */
  keep(address: string, kept: Kept): void {
    const key = bare(address);
    if (!this.#kept.get(key)?.refused) this.#kept.set(key, kept);
  }

  isFree(address: string): boolean {
    return !this.#owners.has(bare(address)) && !this.#kept.has(bare(address));
  }
}

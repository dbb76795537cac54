import type { Kind } from './names.js';

/** Kinds of things that are replaced. */
export type Replaced = Kind | 'address' | 'mac' | 'comment' | 'secret' | 'id' | 'link';

/** What was replaced, and the token that replaces it. */
export class Tokens {
  readonly #replaced = new Map<Replaced, Map<string, string>>();
  /** How many tokens begin with a word. */
  readonly #counts: Map<string, number>;

  /** @param taken how many tokens of a kind others have numbered already */
  constructor(taken: ReadonlyMap<Kind, number>) {
    this.#counts = new Map(taken);
  }

  get replaced(): ReadonlyMap<Replaced, ReadonlyMap<string, string>> {
    return this.#replaced;
  }

  note(kind: Replaced, original: string, token: string): string {
    const tokens = this.#replaced.get(kind) ?? new Map<string, string>();
    this.#replaced.set(kind, tokens.set(original, token));
    return token;
  }

  /** The next token of a kind, or the one that the original has already. */
  numbered(kind: Replaced, original: string, word: string = kind): string {
    const known = this.#replaced.get(kind)?.get(original);
    if (known !== undefined) return known;
    const count = (this.#counts.get(word) ?? 0) + 1;
    this.#counts.set(word, count);
    return this.note(kind, original, `${word}-${count}`);
  }
}

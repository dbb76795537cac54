import { messageOf } from '../../errors.js';
import type { Facts, RouterSoftware } from '../../evidence/facts.js';

/** What is read of a router, each for the router itself. */
export interface RouterFacts {
  readonly links: Facts['links'][string];
  readonly routes: Facts['routes'][string];
  readonly rules: Facts['rules'][string];
  readonly neighbours: Facts['neighbours'][string];
  readonly sysctls: Facts['sysctls'][string];
  readonly firewall: Facts['firewall'][string];
}

/** Why a fact of a router is not known, or not wholly. */
export interface Gap {
  readonly fact: keyof RouterFacts;
  readonly reason: string;
}

/** What a router's printed configuration says. */
export interface RouterReading {
  readonly software: RouterSoftware;
  /** What could not be read is absent. */
  readonly facts: Partial<RouterFacts>;
  readonly missing: readonly Gap[];
}

/** How each fact is read. One that throws is not known, and its message says why. */
export type FactReaders = { readonly [Fact in keyof RouterFacts]: () => RouterFacts[Fact] };

/** Reads each fact by itself, so that one that cannot be read costs no other. */
export function readFacts(readers: FactReaders): Omit<RouterReading, 'software'> {
  const facts: Record<string, unknown> = {};
  const missing: Gap[] = [];
  for (const [fact, read] of Object.entries(readers) as readonly (readonly [keyof RouterFacts, () => unknown])[]) {
    try {
      facts[fact] = read();
    } catch (error) {
      missing.push({ fact, reason: messageOf(error) });
    }
  }
  return { facts, missing };
}

import type { PrintedCommand } from '../diagnosis/diagnosis.js';

/** A cause that could not be told, as a result keeps it. */
export interface InconclusiveResult {
  readonly id: string;
  readonly title: string;
  readonly missing: string;
  readonly explains: readonly string[];
  readonly oneOf: readonly string[];
  readonly test: PrintedCommand | undefined;
}

/** Causes of which one is there, and that nothing observed tells apart. */
export interface ShortList {
  /** The most usual first; one alone may be there, or something else at its place. */
  readonly causes: readonly { readonly id: string; readonly title: string }[];
  /** What was not observed, each once. */
  readonly missing: readonly string[];
  readonly test: PrintedCommand | undefined;
}

/** The lists that account for some flow, each once although every cause on it says so. */
export function shortListsOf(inconclusive: readonly InconclusiveResult[]): readonly ShortList[] {
  const open = inconclusive.filter(({ explains }) => explains.length > 0);
  const lists = new Map<string, readonly InconclusiveResult[]>();
  for (const one of open) {
    const key = one.oneOf.length === 0 ? one.id : one.oneOf.join(' ');
    lists.set(key, [...(lists.get(key) ?? []), one]);
  }
  return [...lists.values()].map((all) => listOf(all, open));
}

function listOf(all: readonly InconclusiveResult[], open: readonly InconclusiveResult[]): ShortList {
  const [first] = all;
  const ids = first && first.oneOf.length > 0 ? first.oneOf : all.map(({ id }) => id);
  const titleOf = (id: string) => open.find((one) => one.id === id)?.title ?? id;
  return {
    causes: ids.map((id) => ({ id, title: titleOf(id) })),
    missing: [...new Set(all.map(({ missing }) => missing))],
    test: all.find(({ test }) => test !== undefined)?.test,
  };
}

/** What tests of their own ask for. */
const ALWAYS = ['article-first-attempt', 'example-free-form', 'l3-forwarding-off'];

const DAY_MS = 86_400_000;
const today = Math.floor(Date.now() / DAY_MS);

/** Whether there is time for everything: `make test MINUTES=0`. */
export const hasTimeForAll = process.env['MINUTES'] === '0';

/** A part of what is tried in the lab, another one each day; all of it where there is time. */
export function partOfToday<Tried>(all: readonly Tried[], parts: number): readonly Tried[] {
  return hasTimeForAll ? all : all.filter((_, at) => at % parts === today % parts);
}

/** All scenarios, each day beginning with another third of them behind those that are always asked. */
export function fromToday(ids: readonly string[]): readonly string[] {
  const others = ids.filter((id) => !ALWAYS.includes(id));
  const first = Math.floor((others.length * (today % 3)) / 3);
  return [...ALWAYS, ...others.slice(first), ...others.slice(0, first)];
}

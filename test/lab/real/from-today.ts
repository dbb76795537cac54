/** What tests of their own ask for. */
const ALWAYS = ['article-first-attempt', 'example-free-form', 'l3-forwarding-off'];

const DAY_MS = 86_400_000;

/** All scenarios, each day beginning with another third of them behind those that are always asked. */
export function fromToday(ids: readonly string[]): readonly string[] {
  const others = ids.filter((id) => !ALWAYS.includes(id));
  const day = Math.floor(Date.now() / DAY_MS);
  const first = Math.floor((others.length * (day % 3)) / 3);
  return [...ALWAYS, ...others.slice(first), ...others.slice(0, first)];
}

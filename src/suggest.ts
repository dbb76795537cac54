import { distance } from 'fastest-levenshtein';

/** The candidate a reader most likely meant; `undefined` when none is close enough to be more than a guess. */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  const allowed = Math.ceil(word.length * 0.4);
  const ranked = [...candidates]
    .map((candidate) => ({ candidate, edits: editsBetween(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ edits }) => edits <= allowed)
    .sort((a, b) => a.edits - b.edits);
  return ranked[0]?.candidate;
}

/** ` Did you mean "x"?`, to be put behind a sentence, or nothing when no candidate is close. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const candidate = closest(word, candidates);
  return candidate === undefined ? '' : ` Did you mean "${candidate}"?`;
}

/** The beginning of a long id means that id, however many letters are missing. */
function editsBetween(word: string, candidate: string): number {
  const whole = distance(word, candidate);
  return word.length < 4 ? whole : Math.min(whole, 1 + distance(word, candidate.slice(0, word.length)));
}

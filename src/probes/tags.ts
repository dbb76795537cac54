/** Tags a look uses up at most. */
export const TAGS_PER_LOOK = 512;

/** Tags lie in here: ports a client may use, and below the last ones, which some gateways keep for themselves. */
const [FIRST, LAST] = [16_384, 60_000];

/** First of the tags that follow those of a look: all are used once before one is used again. */
export function tagsAfter(firstTag: number): number {
  return firstTag + 2 * TAGS_PER_LOOK > LAST ? FIRST : firstTag + TAGS_PER_LOOK;
}

/** First tag of one of the ranges: numbers that follow one another are ranges that do. */
export function tagsAt(number: number): number {
  return FIRST + TAGS_PER_LOOK * (number % Math.floor((LAST - FIRST) / TAGS_PER_LOOK));
}

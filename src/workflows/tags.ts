import { TAGS_PER_LOOK } from '../probes/look.js';

/** Tags lie in here: ports a client may use, and below the last ones, which some gateways keep for themselves. */
const [FIRST, LAST] = [16_384, 60_000];

/** Where this process begins, by the second: NAT remembers the tags of whoever ran a minute ago, and chance would meet them. */
let lastTag = FIRST + TAGS_PER_LOOK * (Math.floor(Date.now() / 1000) % Math.floor((LAST - FIRST) / TAGS_PER_LOOK));

/** First tag of a new look. Tags never repeat within a process until all have been used: NAT remembers those of the last minutes. */
export function nextTag(): number {
  lastTag = lastTag + 2 * TAGS_PER_LOOK > LAST ? FIRST : lastTag + TAGS_PER_LOOK;
  return lastTag;
}

import { TAGS_PER_LOOK } from '../probes/look.js';

/** Tags lie in here: ports a client may use, and below the last ones, which some gateways keep for themselves. */
const [FIRST, LAST] = [16_384, 60_000];

/**
 * Where a process begins: NAT remembers the tags of a process that ran a minute ago, and chance would meet them, so that the
 * second counts; of two that begin in one second the process id tells apart.
 */
export function beginning(seconds: number, pid: number): number {
  return FIRST + TAGS_PER_LOOK * ((Math.floor(seconds) + pid) % Math.floor((LAST - FIRST) / TAGS_PER_LOOK));
}

let lastTag = beginning(Date.now() / 1000, process.pid);

/** First tag of a new look. Tags never repeat within a process until all have been used: NAT remembers those of the last minutes. */
export function nextTag(): number {
  lastTag = lastTag + 2 * TAGS_PER_LOOK > LAST ? FIRST : lastTag + TAGS_PER_LOOK;
  return lastTag;
}

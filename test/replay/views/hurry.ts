import type { Evidence } from '../../../src/evidence/evidence.js';

const HURRIED = /did not end in time|^Terminated$|lacks the mark/;

/** Facts that were lost because the lab had too little of its processor: without them a look is no view of the situation. */
export function lostInHurry({ missing }: Pick<Evidence, 'missing'>): readonly string[] {
  return missing.filter(({ reason }) => HURRIED.test(reason)).map(({ fact, reason }) => `${fact} (${reason})`);
}

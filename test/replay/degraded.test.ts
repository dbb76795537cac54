import { expect } from 'chai';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import type { Evidence } from '../../src/evidence/evidence.js';
import { recorded, recordedIds } from '../diagnosis/situation.js';
import { hasTimeForAll } from '../from-today.js';
import { degraded } from './degraded.js';

/** What may be found with less, and why that is right. */
const JUSTIFIED: Readonly<Record<string, string>> = {
  'l3-cloud-route-table-missing gateway-missing-return-route likely':
    'without a platform, as on most ARM boards, a route that is missing in a cloud looks like one missing on a router',
  'l3-cloud-source-dest-check gateway-missing-return-route likely': 'the same',
  'l2-cloud-secondary-ip-not-assigned gateway-rejects-many-ips-per-mac likely':
    'without a platform, a cloud that carries assigned addresses only looks like any network that does',
  'l3-gateway-strict-rpf gateway-missing-return-route likely':
    'the route is missing there as well, and the filter that drops before that matters was not seen',
};

/** Each recording is tried with every third way, and the next begins with another: with all of them it takes three times as long. */
const STEP = hasTimeForAll ? 1 : 3;

describe('a look that sees less', () => {
  for (const [index, id] of recordedIds().entries())
    it(`${id}: finds no other cause, and none more certainly`, () => {
      const whole = recorded(id);
      const known = new Set(found(whole));
      for (const [at, [what, evidence]] of [...degraded(whole)].entries()) {
        if ((at + index) % STEP !== 0) continue;
        const more = found(evidence).filter((one) => !known.has(one) && JUSTIFIED[`${id} ${one}`] === undefined);
        expect(more, `without ${what}`).to.deep.equal([]);
      }
    }).timeout(120_000);
});

/** Causes with how sure each is; who is certain is likely as well. */
function found(evidence: Evidence): readonly string[] {
  return diagnose(evidence).found.flatMap(({ cause, ruling: { confidence } }) => [
    `${cause.id} likely`,
    ...(confidence === 'certain' ? [`${cause.id} certain`] : []),
  ]);
}

import { expect } from 'chai';
import { judgedText, VIEWS } from '../../../src/docs/views.js';
import { planAll } from '../../../src/workflows/run/run.js';
import { ATTACHED_VIEWS, isSeenIn } from './look.js';
import { Recordings } from './manifest.js';
import { isWorse, judgedNow, kept } from './expectations.js';

/**
 * What `diagnose` tells of each situation that was recorded in a view. It may only get better, and what got better is kept by
 * `make behaviour`.
 */
describe('what is recorded', () => {
  for (const view of ATTACHED_VIEWS)
    it(`holds every scenario in view ${view}`, async () => {
      const recordings = new Recordings(view);
      const missing = (await planAll([])).filter(
        (plan) => isSeenIn(view, plan.id) && recordings.due(plan) === 'missing' && plan.diagnosis !== undefined,
      );
      expect(missing.map(({ id }) => id)).to.deep.equal([]);
    });
});

describe('what is told in each view', () => {
  for (const view of Object.keys(VIEWS))
    it(`is no worse than it was, and kept: ${view}`, async () => {
      const before = kept(view);
      const now = await judgedNow(view);
      const changed = now.filter((one) => judgedText(one) !== before.get(one.scenario));
      const told = changed.map((one) => {
        const line = before.get(one.scenario);
        return `${isWorse(one, line) ? 'worse' : 'otherwise'}: ${judgedText(one)} (was ${line ?? 'not kept'})`;
      });
      expect(told).to.deep.equal([]);
      expect([...before.keys()]).to.have.members(now.map(({ scenario }) => scenario));
    }).timeout(60_000);
});

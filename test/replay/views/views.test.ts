import { expect } from 'chai';
import { judgedText, VIEWS } from '../../../src/docs/views.js';
import { isWorse, judgedNow, kept } from './expectations.js';

/**
 * What `diagnose` tells of each situation that was recorded in a view. It may only get better, and what got better is kept by
 * `make behaviour`.
 */
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

import { expect } from 'chai';
import { allBehaviour, differences, keptBehaviour, VIEWS, type ViewName } from './behaviour.js';

/**
 * What is concluded from every recorded run, in both views, is what it was: causes, rulings, flows explained and paths. A change
 * that is meant is kept by `make behaviour`, and its difference reviewed.
 */
describe('behaviour over all recorded runs', () => {
  for (const view of Object.keys(VIEWS) as ViewName[]) {
    it(`is kept for the view "${view}"`, () => {
      expect(differences(keptBehaviour(view), allBehaviour(view))).to.deep.equal([]);
    }).timeout(60_000);
  }
});

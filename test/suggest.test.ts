import { expect } from 'chai';
import { closest, didYouMean } from '../src/suggest.js';

const IDS = ['parent-down', 'uplink-down', 'article-first-attempt', 'l2-healthy'];

describe('suggesting what was meant', () => {
  for (const [word, meant] of [
    ['parent-donw', 'parent-down'],
    ['Uplink-Down', 'uplink-down'],
    ['l2-helthy', 'l2-healthy'],
    ['article', 'article-first-attempt'],
    ['artcle-first', 'article-first-attempt'],
    ['xyzzy', undefined],
    ['l', undefined],
  ] as const) {
    it(`takes ${word} for ${meant ?? 'nothing known'}`, () => {
      expect(closest(word, IDS)).to.equal(meant);
    });
  }

  it('is a sentence to put behind another, or nothing', () => {
    expect(didYouMean('parent-dwn', IDS)).to.equal(' Did you mean "parent-down"?');
    expect(didYouMean('xyzzy', IDS)).to.equal('');
  });
});

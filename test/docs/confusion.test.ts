import { expect } from 'chai';
import type { Cause } from '../../src/diagnosis/cause.js';
import { confusionOf, confusionPage, scoresOf, type ConfusionCase } from '../../src/docs/confusion.js';

const one = (expected: readonly string[], found: readonly string[]): ConfusionCase => ({
  scenario: 's',
  expected,
  found,
});
const cells = (...cases: readonly ConfusionCase[]) =>
  [...confusionOf(cases)].map(([row, counts]) => [row, Object.fromEntries(counts)]);

describe('expected by found', () => {
  it('has what was rightly named on its diagonal', () => {
    expect(cells(one(['a'], ['a']), one(['a', 'b'], ['b', 'a']), one([], []))).to.deep.equal([
      ['a', { a: 2 }],
      ['b', { b: 1 }],
      ['nothing', { nothing: 1 }],
    ]);
  });

  it('shows what was named in the place of what was missed', () => {
    expect(cells(one(['a'], ['b']), one(['a'], []))).to.deep.equal([['a', { b: 1, nothing: 1 }]]);
  });

  it('shows what was named beside what was right, and where nothing was wrong', () => {
    expect(cells(one(['a'], ['a', 'b']), one([], ['b']))).to.deep.equal([
      ['a', { a: 1 }],
      ['nothing', { b: 1 }],
      ['nothing more', { b: 1 }],
    ]);
  });

  it('scores each cause by how often it was right, missed and wrong', () => {
    expect(scoresOf([one(['a'], ['b']), one(['b'], ['b']), one([], ['a'])])).to.deep.equal([
      { cause: 'a', right: 0, missed: 1, wrong: 1 },
      { cause: 'b', right: 1, missed: 0, wrong: 1 },
    ]);
  });

  it('is a page that names the causes no run shows, with the reason', () => {
    const wireless = { id: 'c', reproduced: { by: 'not', why: 'it takes a radio' } } as unknown as Cause;
    const page = confusionPage([one(['a'], ['a'])], [wireless], new Map());
    expect(page).to.match(/all causes \| 100 % +\| 100 %/);
    expect(page).to.include('it takes a radio');
  });
});

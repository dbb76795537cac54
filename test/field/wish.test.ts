import { expect } from 'chai';
import { chosenNumbers } from './wish.js';

describe('which random situations are asked for', () => {
  it('are the first of a seed', () => {
    expect(chosenNumbers({ N: '3', SEED: '7' })).to.deep.equal({ seed: '7', numbers: [1, 2, 3], kept: false });
    expect(chosenNumbers({ N: '', SEED: '', ONLY: '', FROM: '' }).numbers).to.have.length(20);
  });

  it('are those that are left of a run that ended early', () => {
    expect(chosenNumbers({ N: '20', FROM: '18' }).numbers).to.deep.equal([18, 19, 20]);
    expect(chosenNumbers({ N: '3', FROM: '5' }).numbers).to.deep.equal([]);
  });

  it('are those that were kept', () => {
    expect(chosenNumbers({ KEPT: '1' }).kept).to.equal(true);
  });

  it('are one alone', () => {
    expect(chosenNumbers({ N: '3', ONLY: '17' }).numbers).to.deep.equal([17]);
  });

  it('are not guessed', () => {
    expect(() => chosenNumbers({ N: 'many' })).to.throw('N=many');
    expect(() => chosenNumbers({ ONLY: '0' })).to.throw('ONLY=0');
    expect(() => chosenNumbers({ SEED: '../1' })).to.throw('SEED=../1');
  });
});

import { expect } from 'chai';
import { Cleanup } from '../../src/topology/cleanup.js';

describe('Cleanup', () => {
  it('undoes last in first out and goes on past a step that fails', async () => {
    const done: string[] = [];
    const left: string[] = [];
    {
      await using cleanup = new Cleanup(left);
      cleanup.defer('undo the first', () => Promise.resolve(done.push('first')));
      cleanup.defer('undo the second', () => Promise.reject(new Error('it is stuck')));
      cleanup.defer('undo the third', () => Promise.resolve(done.push('third')));
    }
    expect(done).to.deep.equal(['third', 'first']);
    expect(left).to.deep.equal(['Could not undo the second: it is stuck']);
  });

  it('leaves the undoing to its new owner once moved', async () => {
    const done: string[] = [];
    let owner: Cleanup;
    {
      await using cleanup = new Cleanup();
      cleanup.defer('undo it', () => Promise.resolve(done.push('undone')));
      owner = cleanup.move();
    }
    expect(done).to.deep.equal([]);
    await owner[Symbol.asyncDispose]();
    expect(done).to.deep.equal(['undone']);
  });
});

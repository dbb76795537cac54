import { expect } from 'chai';
import type { InconclusiveResult } from '../../src/report/result.js';
import { shortListsOf } from '../../src/report/short-lists.js';

const TEST = { on: 'gateway', run: 'ip route get 192.0.2.1', undo: undefined };

function open(id: string, oneOf: readonly string[], missing = `what ${id} does`): InconclusiveResult {
  return { id, title: `${id} is broken`, missing, explains: ['a>b/icmp'], oneOf, test: TEST };
}

describe('a short list', () => {
  it('is told once, although each cause on it says so, with every title in its order', () => {
    const [only, ...others] = shortListsOf([open('b', ['a', 'b']), open('a', ['a', 'b'])]);
    expect(others).to.deep.equal([]);
    expect(only?.causes).to.deep.equal([
      { id: 'a', title: 'a is broken' },
      { id: 'b', title: 'b is broken' },
    ]);
    expect(only?.missing).to.deep.equal(['what b does', 'what a does']);
    expect(only?.test).to.equal(TEST);
  });

  it('says what was not observed once', () => {
    const [only] = shortListsOf([open('a', ['a', 'b'], 'the routes'), open('b', ['a', 'b'], 'the routes')]);
    expect(only?.missing).to.deep.equal(['the routes']);
  });

  it('is apart from another list, and from a cause that stands alone', () => {
    const lists = shortListsOf([open('a', ['a', 'b']), open('b', ['a', 'b']), open('c', ['c', 'd']), open('e', [])]);
    expect(lists.map(({ causes }) => causes.map(({ id }) => id))).to.deep.equal([['a', 'b'], ['c', 'd'], ['e']]);
  });

  it('is none where nothing is accounted for', () => {
    expect(shortListsOf([{ ...open('a', ['a']), explains: [] }])).to.deep.equal([]);
  });
});

import { expect } from 'chai';
import { newRunId } from '../../src/workflows/run/run.js';
import { beginning, nextTag } from '../../src/workflows/tags.js';

describe('two looks at once', () => {
  it('two runs that begin in the same second have different ids', () => {
    const now = new Date('2026-01-01T12:00:00Z');
    const ids = Array.from({ length: 2000 }, () => newRunId(now));
    expect(new Set(ids).size).to.equal(ids.length);
    expect(ids[0]).to.match(/^20260101T120000-[0-9a-f]+$/);
  });

  it('two looks that begin in the same second mark their packets differently', () => {
    const begun = Array.from({ length: 40 }, (_, more) => beginning(1_767_225_600.4, 4711 + more));
    expect(new Set(begun).size).to.equal(begun.length);
  });

  it('two looks mark their packets differently when one begins a second after the other', () => {
    expect(beginning(1_767_225_600, 4711)).not.to.equal(beginning(1_767_225_601, 4712));
    expect(nextTag()).not.to.equal(nextTag());
  });
});

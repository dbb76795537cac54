import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { redactContents } from '../../../src/workflows/bundle/redact-contents.js';
import { recorded } from '../../diagnosis/situation.js';

describe('redacted contents', () => {
  it('no token equals an original, for any first key', () => {
    const evidence = new Map([['article-first-attempt', recorded('article-first-attempt')]]);
    for (let seed = 0; seed < 25; seed++) {
      let drawn = 0;
      const draw = () => createHash('sha256').update(`${seed}-${drawn++}`).digest();
      const { tokens } = redactContents({ result: undefined, evidence, captures: new Map() }, draw);
      for (const kind of tokens.values())
        expect([...kind.values()].filter((token) => kind.has(token))).to.deep.equal([]);
    }
  });
});

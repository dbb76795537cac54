import { expect } from 'chai';
import fc from 'fast-check';
import { interpolate, parseEnvironmentFile } from '../../../src/scenario/compose/variables.js';

const VARIABLES = { SET: 'value', EMPTY: '' };

describe('variables of a compose file', () => {
  for (const [text, expected] of [
    ['$SET and ${SET}', 'value and value'],
    ['${NONE:-x} ${EMPTY:-x} ${SET:-x}', 'x x value'],
    ['${NONE-x} ${EMPTY-x}', 'x '],
    ['${NONE:-${EMPTY:-${SET}}}', 'value'],
    ['${NONE:-10.1.1.0/24}', '10.1.1.0/24'],
    ['${SET:+x} ${EMPTY:+x} ${EMPTY+x}', 'x  x'],
    ['$$SET $${SET}', '$SET ${SET}'],
    ['${SET:?message}', 'value'],
    ['${NONE:-}', ''],
  ] as const)
    it(`${text} becomes ${expected}`, () => {
      expect(interpolate(text, VARIABLES)).to.deep.equal({ text: expected, unset: [], problems: [] });
    });

  it('are said where they have no value, and where they are not written as they should be', () => {
    expect(interpolate('$NONE', VARIABLES).unset).to.deep.equal(['NONE']);
    expect(interpolate('${EMPTY:?give it}', VARIABLES).problems).to.deep.equal([
      'the variable EMPTY has no value: give it',
    ]);
    expect(interpolate('${EMPTY?give it}', VARIABLES).problems).to.deep.equal([]);
    for (const text of ['${', '${}', '${1}', '${SET:=x}', '${SET', '$', '$1', '${A B}'])
      expect(interpolate(text, VARIABLES).problems, text).to.have.length(1);
  });

  it('never break, however they are written', () => {
    const part = fc.constantFrom('$', '{', '}', ':', '-', '?', '+', 'SET', 'NONE', ' ', '$$', '${');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
        expect(interpolate(parts.join(''), VARIABLES).text).to.be.a('string');
      }),
    );
    expect(interpolate('${A:-'.repeat(10_000), {}).problems).not.to.deep.equal([]);
  });

  it('are read from a file as compose reads it', () => {
    const text = [
      '# a comment',
      '',
      'A=1',
      'export B = two words # not this',
      "C='$A'",
      'D="x $A"',
      'E=${A}${OUTER}',
      'no line',
    ];
    expect(parseEnvironmentFile(text.join('\n'), { OUTER: '!' })).to.deep.equal({
      ...{ A: '1', B: 'two words', C: '$A', D: 'x 1', E: '1!' },
    });
  });
});

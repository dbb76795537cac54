import { expect } from 'chai';
import fc from 'fast-check';
import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import { table, wrap } from '../../src/report/layout.js';

/** Colours in any environment: on a terminal and in CI they are there. */
const { bold, green, red } = pc.createColors(true);
const widest = (text: string) =>
  Math.max(
    ...stripVTControlCharacters(text)
      .split('\n')
      .map(({ length }) => length),
  );
const words = fc.array(fc.string({ maxLength: 40 }), { maxLength: 4 }).map((parts) => parts.join(' '));

describe('the layout of the terminal report', () => {
  it('keeps coloured tables as narrow as the terminal, and their colour codes whole', () => {
    fc.assert(
      fc.property(words, words, fc.integer({ min: 40, max: 120 }), (first, second, columns) => {
        const rows = [[first, green(second), bold(red(first))]];
        const drawn = table(['from', 'to', 'verdict'], rows, columns);
        expect(widest(drawn)).to.be.at.most(columns);
        expect(stripVTControlCharacters(drawn)).to.not.match(/\[\d*m?│/);
      }),
    );
  });

  it('breaks a coloured word that is longer than its column without cutting a colour code', () => {
    const drawn = table(['scenario', 'verdict'], [['a'.repeat(30), green('✔ pass')]], 24);
    expect(stripVTControlCharacters(drawn)).to.include('pass ');
    expect(widest(drawn)).to.be.at.most(24);
  });

  it('wraps coloured text without losing a word', () => {
    const text = wrap(`one ${red('two three')} four`, 12, '  ');
    expect(widest(text)).to.be.at.most(12);
    expect(stripVTControlCharacters(text).split(/\s+/).filter(Boolean)).to.deep.equal(['one', 'two', 'three', 'four']);
  });

  it('keeps a quoted command on one line where it fits on one', () => {
    const command = '"ip link add shim link eth0 type ipvlan"';
    for (let columns = command.length + 1; columns < 90; columns += 1)
      expect(wrap(`It is made with ${command}, by hand.`, columns, '').split('\n').join('|')).to.include(command);
  });
});

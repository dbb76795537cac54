import { expect } from 'chai';
import { terminalColumns } from '../../src/commands/tell.js';

describe('the width of a report', () => {
  for (const [what, terminal, env, width] of [
    ['the terminal’s', { columns: 132 }, { COLUMNS: '90' }, 132],
    ['what COLUMNS says where there is no terminal', {}, { COLUMNS: '90' }, 90],
    ['100 where neither says', {}, {}, 100],
    ['100 where COLUMNS is no number', {}, { COLUMNS: 'wide' }, 100],
    ['100 where the terminal says 0, as some do', { columns: 0 }, {}, 100],
  ] as const) {
    it(`the width is ${what}`, () => expect(terminalColumns(terminal, env)).to.equal(width));
  }
});

import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { FAULTS } from '../../src/faults/index.js';
import { parseScenario } from '../../src/scenario/load.js';
import { planScenario } from '../../src/scenario/settle/settle.js';
import { problemsIn } from './write.js';

const FILES = ['example-free-form', 'l2-no-gateway', 'article-first-attempt'];
const STRANGE = [
  '',
  ' ',
  '\n',
  '{',
  '}',
  '[',
  ']',
  ': ',
  '- ',
  '~',
  '0',
  '-1',
  '"',
  "'",
  '&a ',
  '*a',
  '!!set ',
  '<<: ',
  '__proto__: ',
  'constructor',
  '::',
  '/0',
  '0.0.0.0/0',
  'fd00::/64',
  '255.255.255.255',
  'x'.repeat(99),
  '\t',
  '\u0000',
  'é',
  'null',
  'true',
  '1e9',
];

const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.integer({ min: 0, max: 25 }),
  put: fc.constantFrom(...STRANGE),
});

/** One place in a file cut out or written over. */
function mangle(text: string, { at, cut, put }: { at: number; cut: number; put: string }): string {
  const start = Math.floor(at * text.length);
  return text.slice(0, start) + put + text.slice(start + cut);
}

describe('a mangled scenario file', () => {
  for (const id of FILES) {
    const text = readFileSync(`scenarios/${id}.yaml`, 'utf8');
    it(`is planned, or rejected with a place, and never causes an internal error: ${id}`, () => {
      fc.assert(
        fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
          const mangled = edits.reduce(mangle, text);
          const causes = new Set(['gateway-missing-return-route', 'no-gateway-configured']);
          const said = problemsIn(() => planScenario(parseScenario(mangled, `${id}.yaml`), { faults: FAULTS, causes }));
          for (const line of said) expect(line).to.match(/^\S+\.yaml:\d+:\d+: \S/);
        }),
        { numRuns: 150 },
      );
    });
  }
});

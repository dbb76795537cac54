import { expect } from 'chai';
import fc from 'fast-check';
import { DoctorError } from '../../src/errors.js';
import { renderHtml } from '../../src/report/html/page.js';
import { parseResult, resultJson } from '../../src/report/json.js';
import { renderTerminal } from '../../src/report/terminal.js';
import type { Result } from '../../src/report/result.js';
import { mutated, mutation } from '../replay/mutate.js';
import { result, withoutReturnRoute } from './results.js';

describe('a mutated result', () => {
  const value = JSON.parse(resultJson(result([withoutReturnRoute()]))) as unknown;

  it('is rejected as invalid input, or can be rendered', () => {
    fc.assert(
      fc.property(mutation, (one) => {
        let read: Result;
        try {
          read = parseResult(JSON.stringify(mutated(value, one)), 'result.json');
        } catch (error) {
          expect(error).to.be.instanceOf(DoctorError).and.to.have.property('code', 'INPUT_INVALID');
          return;
        }
        renderHtml(read);
        renderTerminal(read, { columns: 80, verbose: true });
      }),
      { numRuns: 300 },
    );
  }).timeout(60_000);
});

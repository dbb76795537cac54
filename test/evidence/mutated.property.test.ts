import { expect } from 'chai';
import fc from 'fast-check';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import { DoctorError } from '../../src/errors.js';
import { evidenceJson, parseEvidence } from '../../src/evidence/file.js';
import { recorded } from '../diagnosis/situation.js';
import { mutated, mutation } from '../replay/mutate.js';

describe('mutated evidence', () => {
  for (const id of ['article-first-attempt', 'macvlan-healthy', 'l3-parent-not-found'])
    it(`${id}: is rejected as invalid input, or can be diagnosed`, () => {
      const value = JSON.parse(evidenceJson(recorded(id))) as unknown;
      fc.assert(
        fc.property(mutation, (one) => {
          let evidence;
          try {
            evidence = parseEvidence(JSON.stringify(mutated(value, one)), 'evidence.json');
          } catch (error) {
            expect(error).to.be.instanceOf(DoctorError).and.to.have.property('code', 'INPUT_INVALID');
            return;
          }
          diagnose(evidence);
        }),
        { numRuns: 60 },
      );
    }).timeout(60_000);
});

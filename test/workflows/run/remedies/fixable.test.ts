import { expect } from 'chai';
import type { Diagnosis } from '../../../../src/diagnosis/diagnosis.js';
import type { CheckPlan } from '../../../../src/scenario/plan.js';
import { fixableChecks } from '../../../../src/workflows/run/remedies/fixable.js';

describe('checks that a remedy must fix', () => {
  const flows = ['a', 'b', 'c', 'host'].map((id) => ({
    ...{ id, arrival: id === 'c' ? 'all' : 'none' },
    container: id === 'host' ? undefined : { name: id },
  }));
  const cause = (use: 'run' | 'advice', ...explains: readonly string[]) => ({
    ruling: { explains },
    remedies: [{ use }],
  });
  const fixable = (...found: readonly object[]) =>
    fixableChecks(
      flows.map(({ id }) => ({ id }) as CheckPlan),
      { flows, found } as unknown as Diagnosis,
    ).map(({ id }) => id);

  it('a remedy must fix the checks of containers that failed because of a cause found', () => {
    expect(fixable(cause('run', 'a', 'c', 'host'))).to.deep.equal(['a']);
  });

  it('a remedy need not fix a check that also fails for a cause whose remedy no run can apply', () => {
    expect(fixable(cause('run', 'a', 'b'), cause('advice', 'b'))).to.deep.equal(['a']);
    expect(fixable(cause('run', 'a'), cause('advice', 'a', 'b'))).to.deep.equal([]);
  });
});

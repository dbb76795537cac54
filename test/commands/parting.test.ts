import { expect } from 'chai';
import { parting } from '../../src/commands/parting.js';
import type { Result } from '../../src/report/result.js';

const result = (cleanup: Result['cleanup'], error?: Result['error']) => ({ cleanup, error });
const FAILED: Result['error'] = { code: 'AGENT_FAILED', message: 'The agent is gone.', hint: undefined };

describe('the last sentence of diagnose', () => {
  it('the last sentence says that nothing was changed where all is cleaned up', () => {
    expect(parting(result({ state: 'complete', left: [] }))).to.match(/^Nothing was changed/);
  });

  it('the last sentence is absent where something is left, was kept, or went wrong', () => {
    const left = ['Could not remove the agent: it is busy'];
    expect(parting(result({ state: 'incomplete', left }))).to.equal(undefined);
    expect(parting(result({ state: 'kept', left: [] }))).to.equal(undefined);
    expect(parting(result({ state: 'complete', left: [] }, FAILED))).to.equal(undefined);
  });
});

import { expect } from 'chai';
import type { Outcome } from '../../src/evidence/evidence.js';
import type { Looked, LookRequest } from '../../src/probes/look-request.js';
import { attempts } from '../../src/probes/flows/flow-probe.js';
import { lookUntilAsked } from '../../src/workflows/look-again.js';

const REQUEST: LookRequest = {
  ...{ nodes: [], probes: [], captures: [], traced: [], facts: true, resolver: '127.0.0.1', firstTag: 1 },
};

const answered = attempts({ sent: 1, arrived: 1 });
const unanswered = attempts({ sent: 5, arrived: 0 });
const broken: Outcome = { kind: 'broken', error: 'it began too late' };

/** What was looked for, where each look comes to the next of these outcomes of one check. */
async function looks(brief: boolean, ...outcomes: readonly Outcome[]) {
  const requests: LookRequest[] = [];
  const look = (request: LookRequest): Promise<Looked> => {
    const outcome = outcomes[requests.length] ?? broken;
    requests.push(request);
    const to = { label: 'b', node: 'b', name: undefined, address: '10.0.0.2' };
    const probe = { id: 'a>b/icmp', from: 'a', to, over: { protocol: 'icmp' }, purpose: 'check' } as const;
    return Promise.resolve({
      ...{ facts: {}, missing: [], pcaps: new Map(), takenAt: '', durationMs: 0 },
      probes: [{ ...probe, command: '', tag: undefined, outcome }],
    });
  };
  const { looked, again } = await lookUntilAsked({ look, request: () => REQUEST, brief, onStep: () => undefined });
  return { facts: requests.map(({ facts }) => facts), outcome: looked.probes[0]?.outcome, again };
}

describe('looking until all checks are asked', () => {
  it('one look is enough where all checks can be asked', async () => {
    expect(await looks(false, unanswered)).to.deep.equal({ facts: [true], outcome: unanswered, again: undefined });
  });

  it('a check that could not be asked leads to a second look, and a warning says so', async () => {
    const { facts, outcome, again } = await looks(false, broken, answered);
    expect({ facts, outcome }).to.deep.equal({ facts: [true, true], outcome: answered });
    expect(again).to.match(/could not ask a>b\/icmp/);
  });

  it('a brief look is enough where all targets reply', async () => {
    expect(await looks(true, answered)).to.deep.equal({ facts: [false], outcome: answered, again: undefined });
  });

  for (const [what, first] of [
    ['does not respond', unanswered],
    ['could not be asked', broken],
    ['replies only sometimes', attempts({ sent: 3, arrived: 1 })],
  ] as const) {
    it(`a brief look in which a target ${what} leads to a look at everything`, async () => {
      const { facts, outcome } = await looks(true, first, unanswered);
      expect({ facts, outcome }).to.deep.equal({ facts: [false, true], outcome: unanswered });
    });
  }
});

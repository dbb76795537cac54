import { expect } from 'chai';
import { packetLoss } from '../../src/diagnosis/causes/link/packet-loss.js';
import type { FoundCause } from '../../src/diagnosis/diagnosis.js';
import { verdictOf } from '../../src/diagnosis/verdict.js';
import type { CheckPlan } from '../../src/scenario/plan.js';

const asking = (expect: CheckPlan['expect']) => ({ id: 'a>b/icmp', expect }) as CheckPlan;
const flaky = asking({ kind: 'flaky-by', cause: packetLoss.id });
const blaming = (...explains: readonly string[]) => ({
  found: [{ cause: packetLoss, ruling: { explains } } as unknown as FoundCause],
});

describe('the verdict of a check of which some arrives', () => {
  it('is flaky for each expectation but "flaky by" its cause', () => {
    const expected = [
      { kind: 'reachable' },
      { kind: 'blocked' },
      { kind: 'blocked-by', cause: packetLoss.id },
    ] as const;
    for (const one of expected) expect(verdictOf(asking(one), 'some', blaming('a>b/icmp'))).to.equal('flaky');
  });

  it('is pass where just that was expected, and what makes it so was named', () => {
    expect(verdictOf(flaky, 'some', blaming('a>b/icmp'))).to.equal('pass');
  });

  it('is flaky where what was expected to make it so was not named for it', () => {
    expect(verdictOf(flaky, 'some', { found: [] })).to.equal('flaky');
    expect(verdictOf(flaky, 'some', blaming('b>a/icmp'))).to.equal('flaky');
  });

  it('is fail where all or nothing came instead', () => {
    expect(verdictOf(flaky, 'all', blaming('a>b/icmp'))).to.equal('fail');
    expect(verdictOf(flaky, 'none', blaming('a>b/icmp'))).to.equal('fail');
  });
});

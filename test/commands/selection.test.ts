import { expect } from 'chai';
import { DoctorError } from '../../src/errors.js';
import { withDeadline } from '../../src/commands/interruption.js';
import { duration } from '../../src/commands/options.js';
import { grepInvertOption, grepOption, selected } from '../../src/commands/selection.js';

const SCENARIOS = [
  { id: 'l2-healthy', title: 'L2 works' },
  { id: 'l3-forwarding-off', title: 'Forwarding is off and does not matter' },
  { id: 'uplink-down', title: 'No Internet' },
];
const ids = (flags: Parameters<typeof selected>[1]) => selected(SCENARIOS, flags).map(({ id }) => id);

describe('the choice of scenarios', () => {
  it('--grep selects scenarios whose id or title matches, in any case', () => {
    expect(ids({ grep: /^l\d/ })).to.deep.equal(['l2-healthy', 'l3-forwarding-off']);
    const parse = grepOption().parseArg as ((text: string, before: undefined) => RegExp) | undefined;
    expect(ids({ grep: parse?.('internet', undefined) ?? /^$/ })).to.deep.equal(['uplink-down']);
  });

  it('--grep-invert leaves out scenarios that match', () => {
    expect(ids({ grepInvert: /off/ })).to.deep.equal(['l2-healthy', 'uplink-down']);
    expect(ids({ grep: /^l/, grepInvert: /off/ })).to.deep.equal(['l2-healthy']);
  });

  it('a text that is no pattern is rejected', () => {
    expect(() => grepInvertOption().parseArg?.('(', undefined)).to.throw('regular expression');
  });
});

describe('a time limit', () => {
  it('a time limit is given in seconds, or with its unit', () => {
    expect(['90', '90s', '5m', '1h'].map(duration)).to.deep.equal([90_000, 90_000, 300_000, 3_600_000]);
    for (const text of ['0', 'soon', '-1', '1d', '']) expect(() => duration(text)).to.throw('such as 90s');
  });

  it('a time limit ends the work with its own error, and exit code 124', async () => {
    const signal = withDeadline(new AbortController().signal, 1);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    expect(signal.reason).to.be.instanceOf(DoctorError).and.include({ code: 'TIMED_OUT', exitCode: 124 });
  });

  it('there is no time limit without the flag', () => {
    const { signal } = new AbortController();
    expect(withDeadline(signal, undefined)).to.equal(signal);
  });
});

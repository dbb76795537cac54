import { expect } from 'chai';
import { trialResults } from '../../src/engine/preflight.js';

const works = '0 ok\n1 ok\n2 ok\n3 ok\n4 ok\n5 ok\n6 ok\n7 ok\n8 ok\n';

describe('what was tried of the kernel', () => {
  it('is met where every trial worked', () => {
    expect(trialResults(works, '').map(({ state }) => state)).to.deep.equal(Array(9).fill('met'));
  });

  it('is unmet where IPvlan does not work, with what the command said', () => {
    const [first] = trialResults(works.replace('0 ok', '0 Error: Unknown device type.'), '');
    expect(first).to.deep.include({
      name: 'IPvlan L2',
      state: 'unmet',
      detail: '"ip link add t0 link parent type ipvlan mode l2" said: Error: Unknown device type.',
    });
    expect(first?.remedy).to.include('--engine lab');
  });

  it('is limited where only some scenarios need it', () => {
    const results = trialResults(works.replace('4 ok', '4 Error: Unknown device type.'), '');
    expect(results.filter(({ state }) => state !== 'met').map(({ name, state }) => [name, state])).to.deep.equal([
      ['VLAN', 'limited'],
    ]);
  });

  it('counts a trial without an answer as failed, not as passed', () => {
    expect(trialResults('', 'sh: unshare: not found')[0]).to.include({ state: 'unmet' });
    expect(trialResults('', 'sh: unshare: not found')[0]?.detail).to.include('unshare: not found');
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { trialResults, trialScript } from '../../src/engine/preflight.js';
import { runProgram } from '../../src/process.js';

const works = '0 ok\n1 ok\n2 ok\n3 ok\n4 ok\n5 ok\n6 ok\n7 ok\n8 ok\n';

describe('a requirement of the kernel', () => {
  it('is met where every trial worked', () => {
    expect(trialResults(works, '').map(({ state }) => state)).to.deep.equal(Array(9).fill('met'));
  });

  it('says which mode the kernel shows of an IPvlan link', () => {
    const [, l3] = trialResults(works, '');
    expect(l3).to.include({ name: 'IPvlan L3', detail: 'tried, works: the link it made shows mode l3' });
  });

  it('is unmet where the kernel makes a link of another mode than it was asked for', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-trials-'));
    try {
      const stub = (name: string, script: string) =>
        writeFile(join(directory, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      await stub('unshare', 'shift; exec "$@"');
      await stub('nft', ':');
      await stub('ip', '[ "$1" != -d ] || echo "    ipvlan mode l2 bridge addrgenmode eui64"');
      const env = { PATH: `${directory}:${process.env['PATH']}` };
      const results = trialResults(await runProgram('sh', ['-c', trialScript()], { env }), '');
      const states = Object.fromEntries(results.map(({ name, state }) => [name, state]));
      expect(states).to.include({ 'IPvlan L2': 'met', 'IPvlan L3': 'unmet', 'IPvlan L3S': 'limited', macvlan: 'met' });
      expect(results[1]?.detail).to.include('said: the link it made is not of mode l3');
    } finally {
      await rm(directory, { recursive: true });
    }
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

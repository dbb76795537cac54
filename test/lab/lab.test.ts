import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';
import { isRunning } from '../../src/lab/cache.js';
import { Lab } from '../../src/lab/lab.js';

describe('a lab whose machine is gone', () => {
  it('leaves the process alone that has its number now', async () => {
    const stranger = spawn('sleep', ['60']);
    await once(stranger, 'spawn');
    const pid = stranger.pid ?? 0;
    const lab = new Lab({ name: 'gone', release: 'trixie', pid, port: 1, startedAt: '', certificates: '' });
    try {
      expect(lab.lives()).to.equal(false);
      lab.kill();
      expect(stranger.killed || !isRunning(pid)).to.equal(false);
      await lab.stop();
      expect(isRunning(pid)).to.equal(true);
    } finally {
      stranger.kill();
    }
  });
});

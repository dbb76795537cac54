import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import type { Result } from '../../src/report/result.js';
import { empty, startFakeEngine } from '../engine/fake-engine.js';

describe('a command that is told to end', function () {
  this.timeout(60_000);
  let directory: string;
  beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-signal-'))));
  afterEach(() => rm(directory, { recursive: true }));

  /** Runs `diagnose` on an engine that says nothing but which objects are ours, and sends signals once it was asked. */
  async function told(...signals: readonly NodeJS.Signals[]) {
    await using engine = await startFakeEngine((asked, ...more) => {
      if (asked.includes('ipvlan-doctor')) {
        empty(asked, ...more);
        return;
      }
      for (const signal of signals) child.kill(signal);
    });
    const argv = ['diagnose', 'webapp', '--engine', engine.host, '-o', join(directory, 'reports'), '--json'];
    const env = { ...process.env, IPVLAN_DOCTOR_STATE: directory };
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli.ts', ...argv], {
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [stdout, [exitCode]] = await Promise.all([
      text(child.stdout),
      once(child, 'exit') as Promise<[number | null]>,
    ]);
    const { run, error } = JSON.parse(stdout) as Result;
    return { exitCode, inResult: run.exitCode, code: error?.code, journals: await readdir(join(directory, 'journal')) };
  }

  for (const [signal, exitCode] of [
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    it(`a command that receives ${signal} writes its result, closes its journal and exits ${exitCode}`, async () => {
      // A closing terminal sends SIGHUP twice: once by the kernel, once by the shell.
      const sent = signal === 'SIGHUP' ? [signal, signal] : [signal];
      expect(await told(...sent)).to.deep.equal({ exitCode, inResult: exitCode, code: 'INTERRUPTED', journals: [] });
    });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { listLabs, startLab, type Lab } from '../../../src/lab/lab.js';
import { run } from '../../../src/workflows/run/run.js';
import { runOptions } from '../../workflows/run/run-options.js';
import { carryOut, killTable, seededKills, type Kill } from './kills.js';

describe('a run killed in the middle', function () {
  this.timeout(600_000);
  let lab: Lab;
  let directory: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-killed-'));
    lab = await startLab({ name: `killed-${process.pid}`, release: 'trixie', private: true });
  });
  after(async () => {
    await lab?.[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  });

  for (const kill of chosenKills())
    it(`leaves nothing after gc: kill ${kill.number}, ${kill.signal} after ${kill.events} events of ${kill.scenario}`, async () => {
      const killed = await carryOut(kill, lab, directory);
      console.log(killTable([killed]));
      expect(killed.leftAfter, killed.gcSaid).to.deep.equal([]);
      expect(killed.gcExitCode, killed.gcSaid).to.equal(0);
      if (kill.number === 1) expect(killed.leftBefore, 'else the test shows nothing').not.to.deep.equal([]);
      if (kill.signal === 'SIGKILL') return;
      expect(killed.exitCode).to.equal(EXIT_CODES[kill.signal]);
      expect(killed.leftBefore, 'it was told in time to clean up').to.deep.equal([]);
    });
});

const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/** Three of the twelve; all of them, or a share such as `SHARD=1/4`, with `HARM=1`. */
function chosenKills(): readonly Kill[] {
  const kills = seededKills(Number(process.env['SEED'] ?? 1));
  if (!process.env['HARM']) return kills.slice(0, 3);
  const [share = 1, of = 1] = (process.env['SHARD'] ?? '1/1').split('/').map(Number);
  return kills.filter(({ number }) => number % of === share % of);
}

describe('a run whose own lab ends under it', function () {
  this.timeout(180_000);

  it('goes on in another, with the scenario it was at', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-lost-'));
    process.env['IPVLAN_DOCTOR_STATE'] = directory;
    const steps: string[] = [];
    const onStep = (step: string) => {
      steps.push(step);
      const isFirst = !steps.some((one) => one.startsWith('The lab was lost'));
      if (step.startsWith('creating the topology') && isFirst) void killOwn();
    };
    const { scenarios, cleanup, error } = await run(
      runOptions({ scenarios: ['l3-parent-not-found'], directory, onStep }),
    );
    delete process.env['IPVLAN_DOCTOR_STATE'];
    await rm(directory, { recursive: true });
    expect(error).to.equal(undefined);
    expect(steps).to.include('The lab was lost (its machine ended)');
    expect(scenarios.map(({ verdict }) => verdict)).to.deep.equal(['pass']);
    expect(cleanup).to.deep.equal({ state: 'complete', left: [] });
  });

  const killOwn = async () =>
    (await listLabs()).find(({ record }) => record.name.startsWith(`run-${process.pid}-`))?.kill();
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { connectEngine } from '../../../src/engine/docker.js';
import { resolveEndpoint } from '../../../src/engine/endpoint.js';
import { listLabs, startLab, type Lab } from '../../../src/lab/lab.js';
import { newRunId, run } from '../../../src/workflows/run.js';
import { hostState } from './host-state.js';

describe('a run killed in the middle', function () {
  this.timeout(180_000);
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

  it('leaves things behind, and gc takes every one of them away', async () => {
    const before = await hostState(lab);
    const run = cli('run', 'comment-host-kill-switch', '--engine', `lab:${lab.record.name}`, '-o', directory);
    await said(run, 'proving the remedy');
    run.kill('SIGKILL');
    await once(run, 'exit');
    expect(await hostState(lab), 'something must be left, or the test proves nothing').not.to.equal(before);

    const gc = cli('gc');
    const [code] = (await once(gc, 'exit')) as [number];
    expect(code).to.equal(0);
    expect(await hostState(lab)).to.equal(before);
    const engine = await connectEngine(resolveEndpoint({ engine: undefined, context: undefined, env: lab.env }));
    expect(await engine.listOurs()).to.deep.equal([]);
    engine.disconnect();
  });

  it('writes its result and takes everything down when it is interrupted instead', async () => {
    const before = await hostState(lab);
    const run = cli('run', 'comment-host-kill-switch', '--engine', `lab:${lab.record.name}`, '-o', directory, '--json');
    let stdout = '';
    run.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    await said(run, 'probing');
    run.kill('SIGINT');
    const [code] = (await once(run, 'close')) as [number];
    expect(code).to.equal(130);
    expect(JSON.parse(stdout)).to.have.nested.property('error.code', 'INTERRUPTED');
    expect(await hostState(lab)).to.equal(before);
  });

  function cli(...args: string[]) {
    const env = { ...process.env, IPVLAN_DOCTOR_STATE: directory };
    return spawn(process.execPath, ['--import', 'tsx', 'src/cli.ts', ...args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }
});

describe('a run whose own lab ends under it', function () {
  this.timeout(180_000);

  it('goes on in another, with the scenario it was at', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-lost-'));
    process.env['IPVLAN_DOCTOR_STATE'] = directory;
    const steps: string[] = [];
    const { scenarios, cleanup, error } = await run({
      ...{ scenarios: ['l3-parent-not-found'], engine: 'lab', context: undefined, agentImage: undefined },
      ...{ allowHostChanges: false, jobs: 1, directory, runId: newRunId(), signal: new AbortController().signal },
      onScenario: () => undefined,
      onStep(step) {
        steps.push(step);
        if (step.startsWith('standing up') && !steps.some((one) => one.startsWith('The lab was lost'))) void killOwn();
      },
    });
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

/** Waits until the progress of a run says something. */
function said(run: ReturnType<typeof spawn>, words: string): Promise<void> {
  let text = '';
  return new Promise((resolve, reject) => {
    run.stderr?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes(words)) resolve();
    });
    run.on('exit', () => reject(new Error(`it never said "${words}", but: ${text}`)));
  });
}

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Result } from '../../../src/report/result.js';
import { newRunId, run } from '../../../src/workflows/run.js';
import { strangers } from '../../scenario/stranger.js';

/** One of each kind, with two faults at once among them. */
const TAKEN = [
  'comment-host-kill-switch',
  'l2-wrong-gateway',
  'l3-two-subnets-two-faults',
  'l3-tc-ingress-filter',
  'l3s-host-masquerades',
  'macvlan-switch-port-security',
  'v6-l3-default-missing',
];

describe('a stranger’s network', function () {
  this.timeout(600_000);
  let directory: string;
  let result: Result;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-strangers-'));
    process.env['IPVLAN_DOCTOR_STATE'] = directory;
    const files = join(directory, 'scenarios');
    await mkdir(files);
    for (const id of TAKEN) await writeFile(join(files, `strange-${id}.yaml`), await strangers(id));
    result = await run({
      ...{ scenarios: [files], engine: 'lab', context: undefined, agentImage: undefined, jobs: 2 },
      ...{ allowHostChanges: false, directory, runId: newRunId(), signal: new AbortController().signal },
      onStep: () => undefined,
      onScenario: ({ id, verdict, reason }) =>
        process.stdout.write(`    ${id}: ${verdict}${reason ? ` (${reason})` : ''}\n`),
    });
  });
  after(async () => {
    await rm(directory, { recursive: true, force: true });
    delete process.env['IPVLAN_DOCTOR_STATE'];
  });

  it('has other addresses, names and interfaces, and is broken by shell commands alone', async () => {
    for (const id of TAKEN) {
      const text = await strangers(id);
      expect(text).not.to.match(/192\.168\.|enp0s3|webapp|database|laptop|google|^ *- fault:/m);
    }
  });

  it('is diagnosed as ours is, and the remedy proven', () => {
    expect(result.scenarios.map(({ id, verdict, reason }) => ({ id, verdict, reason }))).to.have.deep.members(
      TAKEN.map((id) => ({ id: `strange-${id}`, verdict: 'pass', reason: undefined })),
    );
  });
});

import { readdirSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { DoctorError } from '../../src/errors.js';
import type { Result } from '../../src/report/result.js';
import { wantedNetwork } from '../../src/scenario/wanted-network.js';
import { collectContainer } from '../../src/workflows/bundle/collect-container.js';
import { diagnoseContainer } from '../../src/workflows/attach/diagnose.js';
import { matrix } from '../../src/workflows/attach/matrix.js';
import { newRunId, run } from '../../src/workflows/run/run.js';
import { validate } from '../../src/workflows/attach/validate.js';
import { empty, startFakeEngine, type Answer } from '../engine/fake-engine.js';

const AROUND = { peers: [], gateway: [], gatewaySide: {}, addresses: ['8.8.8.8'], name: 'google.com' };
const NETWORK = wantedNetwork({ name: 'trial', driver: 'ipvlan', parent: 'eth0', subnets: ['10.77.0.0/24'] });

describe('a command that ends early', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-early-'));
    process.env['IPVLAN_DOCTOR_STATE'] = directory;
  });
  afterEach(async () => {
    delete process.env['IPVLAN_DOCTOR_STATE'];
    await rm(directory, { recursive: true });
  });

  const wish = (engine: string, signal = new AbortController().signal) => ({
    ...{ engine, context: undefined, agentImage: 'ours:1', directory, runId: newRunId(), signal },
    ...{ onStep: () => undefined, onScenario: () => undefined },
  });
  const journals = () => readdir(join(directory, 'journal'));

  const verbs: Readonly<Record<string, (engine: string, signal?: AbortSignal) => Promise<Result>>> = {
    diagnose: (...asked) => diagnoseContainer({ ...wish(...asked), ...AROUND, container: 'webapp', targets: [] }),
    matrix: (...asked) => matrix({ ...wish(...asked), wanted: ['webapp'] }),
    validate: (...asked) => validate({ ...wish(...asked), ...AROUND, network: NETWORK }),
    run: (...asked) => run({ ...wish(...asked), scenarios: ['l2-healthy'], allowHostChanges: true, jobs: 1 }),
  };
  for (const [verb, does] of Object.entries(verbs)) {
    it(`${verb} leaves no journal where nothing is left`, async () => {
      await using engine = await startFakeEngine(empty);
      const { error, cleanup } = await does(engine.host);
      expect(error?.code).to.be.oneOf(['NOT_FOUND', 'AGENT_IMAGE']);
      expect(cleanup).to.deep.equal({ state: 'complete', left: [] });
      expect(await journals()).to.deep.equal([]);
    });

    it(`${verb} ends although the engine never answers, with the signal's own exit code`, async () => {
      const controller = new AbortController();
      const terminated = new DoctorError('INTERRUPTED', 'Terminated (SIGTERM).', { exitCode: 143 });
      const noReply: Answer = (asked, ...more) => {
        if (asked.includes('ipvlan-doctor.owner')) {
          empty(asked, ...more);
          return;
        }
        controller.abort(terminated);
      };
      await using engine = await startFakeEngine(noReply);
      const { run: ended, error } = await does(engine.host, controller.signal);
      expect(error).to.include({ code: 'INTERRUPTED', message: 'Terminated (SIGTERM).' });
      expect(ended.exitCode).to.equal(143);
      expect(await journals()).to.deep.equal([]);
    });

    it(`${verb} exits 6 and keeps its journal where something is left, even after another error`, async () => {
      await using engine = await startFakeEngine(busy(directory));
      const { run: ended, cleanup } = await does(engine.host);
      expect(cleanup.left.join('\n')).to.include('device or resource busy');
      expect(ended.exitCode).to.equal(6);
      expect(await journals()).to.have.lengthOf(1);
    });
  }

  it('collecting a container gives both: exit code 6, and what is left', async () => {
    await using engine = await startFakeEngine(busy(directory));
    const wanted = { ...wish(engine.host), ...AROUND, container: 'webapp', targets: [] };
    const failed = await collectContainer(wanted, { file: join(directory, 'x.tar.gz'), redact: false }).catch(
      (error: unknown) => error as DoctorError,
    );
    expect(failed).to.be.instanceOf(DoctorError);
    expect(failed).to.include({ code: 'NOT_FOUND', exitCode: 6 });
    expect((failed as DoctorError).message).to.include('device or resource busy');
  });
});

/** An engine that shows a container of the run and does not remove it. */
function busy(directory: string): Answer {
  return (asked, response, request) => {
    if (asked.startsWith('DELETE'))
      return void response.writeHead(500).end(JSON.stringify({ message: 'device or resource busy' }));
    if (!asked.startsWith('GET /containers/json?')) {
      empty(asked, response, request);
      return;
    }
    const [journal = ''] = readdirSync(join(directory, 'journal'));
    const labels = { 'ipvlan-doctor.run': journal.replace('.jsonl', '') };
    response.end(JSON.stringify([{ Id: 'f'.repeat(64), Names: ['/agent'], Labels: labels }]));
  };
}

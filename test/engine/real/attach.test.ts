import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Agent } from '../../../src/engine/agent.js';
import { readEvidence } from '../../../src/evidence/file.js';
import { labImage } from '../../../src/lab/image.js';
import type { Result } from '../../../src/report/result.js';
import { wantedNetwork } from '../../../src/scenario/wanted-network.js';
import { collectContainer } from '../../../src/workflows/bundle/collect-container.js';
import { diagnoseContainer, type DiagnoseOptions } from '../../../src/workflows/attach/diagnose.js';
import { matrix } from '../../../src/workflows/attach/matrix.js';
import { validate } from '../../../src/workflows/attach/validate.js';
import { attempt } from '../../../src/process.js';
import { startDockerd, whyNoDockerd, type Dockerd } from '../dockerd.js';
import { AROUND, openOffice, verdicts, visiting, type DockerClient } from './standing.js';
import { differing, snapshot } from '../../lab/real/host-snapshot.js';

describe('a container that existed before the run', function () {
  this.timeout(60_000);
  let dockerd: Dockerd;
  let docker: DockerClient;
  let agent: Agent;
  let directory: string;

  before(async function () {
    this.timeout(600_000);
    if (whyNoDockerd()) return this.skip();
    directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-attach-'));
    process.env['IPVLAN_DOCTOR_STATE'] = directory;
    dockerd = await startDockerd((await labImage({ release: 'trixie' })).agentArchive);
    ({ agent, docker } = await openOffice(dockerd, directory));
    await docker.importTiny('tiny:1');
    for (const line of [
      'docker run -d --name webapp --network office --ip 10.41.0.100 --dns 10.41.0.1 tiny:1 /sleep 9999',
      'docker run -d --name database --network office --ip 10.41.0.101 --dns 10.41.0.1 tiny:1 /sleep 9999',
      'docker network create indoors',
      'docker run -d --name hidden --network indoors --dns 10.41.0.1 tiny:1 /sleep 9999',
    ])
      await docker.type(line);
  });
  after(async () => {
    await agent?.[Symbol.asyncDispose]();
    await dockerd?.[Symbol.asyncDispose]();
    if (directory) await rm(directory, { recursive: true, force: true });
    delete process.env['IPVLAN_DOCTOR_STATE'];
  });

  const wish = () => visiting(dockerd, directory);
  const diagnosed = (container: string, more: Partial<DiagnoseOptions> = {}): Promise<Result> =>
    diagnoseContainer({
      ...wish(),
      ...AROUND,
      ...{ container, targets: [], peers: ['10.41.0.50'] },
      ...more,
    });

  /** What looking must leave as it was. */
  const hostState = () => snapshot(async (script) => (await agent.run(script)).stdout.toString(), docker);

  it('is found healthy on macvlan, with what its image lacks looked at from outside', async () => {
    const before = await hostState();
    const result = await diagnosed('webapp');
    expect(verdicts(result)).to.deep.equal([
      'webapp>database/icmp reachable',
      'webapp>gateway/icmp reachable',
      'webapp>peer 10.41.0.50/icmp reachable',
      'webapp>8.8.8.8/icmp reachable',
      'webapp>1.1.1.1/icmp reachable',
      'webapp>8.8.8.8/tcp/443 reachable',
      'webapp>1.1.1.1/tcp/443 reachable',
      'webapp>8.8.8.8/dns reachable',
      'webapp>1.1.1.1/dns reachable',
      'webapp>google.com/dns reachable',
    ]);
    expect(result.run).to.include({ verb: 'diagnose', exitCode: 0 });
    expect(result.scenarios[0]?.causes).to.deep.equal([]);
    expect(differing(before, await hostState())).to.deep.equal([]);
  });

  it('is found healthy behind a bridge', async () => {
    const result = await diagnosed('hidden');
    expect(result.run.exitCode, verdicts(result).join('\n')).to.equal(0);
  });

  it('is asked for the targets the user names', async () => {
    const result = await diagnosed('webapp', { targets: ['database', 'google.com:443'] });
    expect(verdicts(result)).to.deep.equal([
      'webapp>database/icmp reachable',
      'webapp>google.com/icmp reachable',
      'webapp>google.com/tcp/443 reachable',
    ]);
  });

  it('gets a matrix with its siblings in one exec', async () => {
    const before = await hostState();
    const result = await matrix({ ...wish(), wanted: ['office'] });
    expect(differing(before, await hostState())).to.deep.equal([]);
    expect(result.run.verb).to.equal('matrix');
    expect(verdicts(result)).to.deep.equal(['database>webapp/icmp reachable', 'webapp>database/icmp reachable']);
    expect(result.run.exitCode).to.equal(0);
  });

  it('gets a full look in the matrix when a sibling does not reply', async () => {
    const { pid } = await dockerd.engine.inspectContainer('database');
    const inDatabase = (command: string) => agent.run(`nsenter -t ${pid} -n ${command}`);
    await inDatabase('ip link set eth0 down');
    try {
      const result = await matrix({ ...wish(), wanted: ['office'] });
      expect(verdicts(result)).to.deep.equal(['database>webapp/icmp blocked', 'webapp>database/icmp blocked']);
      const { facts } = await readEvidence(join(directory, result.scenarios[0]?.evidence ?? ''));
      expect(facts.links).to.include.keys('host', 'database', 'webapp');
    } finally {
      await inDatabase('ip link set eth0 up');
    }
  });

  it('passes the checks on a network that is tried out first, and nothing of the trial stays', async () => {
    const before = await hostState();
    const network = wantedNetwork({ name: 'trial', driver: 'bridge', subnets: ['10.77.0.0/24'] });
    const result = await validate({ ...wish(), ...AROUND, peers: [], network });
    expect(result.cleanup).to.deep.equal({ state: 'complete', left: [] });
    expect(differing(before, await hostState())).to.deep.equal([]);
    expect(result.run.exitCode, verdicts(result).join('\n')).to.be.oneOf([0, 1]);
  });

  it('is left alone by a trial on its parent that would cut it off', async () => {
    const before = await hostState();
    const subnets = [{ subnet: '10.77.0.0/24' }];
    const network = wantedNetwork({ name: 'trial', driver: 'ipvlan', mode: 'l3', parent: 'doctor0', subnets });
    const { error, run, cleanup } = await validate({ ...wish(), ...AROUND, peers: [], network });
    expect(error?.code).to.equal('HOST_CONFLICT');
    expect(error?.message).to.include('doctor0 is in use by the network office').and.to.include('the link eth0 in');
    expect(run.exitCode).to.equal(3);
    expect(cleanup).to.deep.equal({ state: 'complete', left: [] });
    expect(differing(before, await hostState())).to.deep.equal([]);
  });

  it('is collected into one file, from which another machine without Docker finds the same causes', async () => {
    const file = join(directory, 'webapp.tar.gz');
    await agent.run('ip link set doctor0 down');
    try {
      const before = await hostState();
      const { collected, result } = await collectContainer(
        { ...wish(), ...AROUND, container: 'webapp', targets: [], peers: [] },
        { file, redact: true },
      );
      expect(differing(before, await hostState())).to.deep.equal([]);
      const causes = ({ scenarios }: Result) => scenarios.flatMap((one) => one.causes.map(({ id }) => id));
      expect(causes(result)).to.include('parent-down-or-no-carrier');
      expect(collected.captures).to.be.greaterThan(0);
      const { stdout } = await attempt(process.execPath, ['--import', 'tsx', 'src/cli.ts', 'analyze', file, '--json'], {
        env: { DOCKER_HOST: 'unix:///nowhere', IPVLAN_DOCTOR_OUTPUT: join(directory, 'analyzed') },
      });
      expect(causes(JSON.parse(stdout) as Result)).to.deep.equal(causes(result));
    } finally {
      await agent.run('ip link set doctor0 up; ip route replace default via 10.41.0.1 dev doctor0');
    }
  });

  it('gives an error that says what to do when it does not exist', async () => {
    const result = await diagnosed('absent');
    expect(result.error).to.include({ code: 'NOT_FOUND' });
    expect(result.run.exitCode).to.equal(2);
  });
});

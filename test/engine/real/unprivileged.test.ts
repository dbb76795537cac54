import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Agent } from '../../../src/engine/agent.js';
import { labImage } from '../../../src/lab/image.js';
import type { Result } from '../../../src/report/result.js';
import { wantedNetwork } from '../../../src/scenario/wanted-network.js';
import { collectContainer } from '../../../src/workflows/bundle/collect-container.js';
import { diagnoseContainer, type DiagnoseOptions } from '../../../src/workflows/attach/diagnose.js';
import { matrix } from '../../../src/workflows/attach/matrix.js';
import { validate } from '../../../src/workflows/attach/validate.js';
import { startDockerd, whyNoDockerd, type Dockerd } from '../dockerd.js';
import { startPolicy, type Policy } from '../policy.js';
import { AROUND, openOffice, verdicts, visiting, type DockerClient } from './standing.js';

describe('a host without a privileged helper container', function () {
  this.timeout(60_000);
  let policy: Policy;
  let dockerd: Dockerd;
  let docker: DockerClient;
  let agent: Agent;
  let directory: string;

  before(async function () {
    this.timeout(600_000);
    if (whyNoDockerd()) return this.skip();
    directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-unprivileged-'));
    process.env['IPVLAN_DOCTOR_STATE'] = directory;
    policy = await startPolicy(directory);
    dockerd = await startDockerd((await labImage({ release: 'trixie' })).agentArchive, policy.socket);
    ({ agent, docker } = await openOffice(dockerd, directory));
    await docker.importAlpine('alpine:1');
    for (const name of ['frontend', 'backend'])
      await docker.type(`docker run -itd --name ${name} --network office --dns 10.41.0.1 alpine:1`);
    policy.privileged = false;
  });
  after(async () => {
    await agent?.[Symbol.asyncDispose]();
    await dockerd?.[Symbol.asyncDispose]();
    await policy?.[Symbol.asyncDispose]();
    if (directory) await rm(directory, { recursive: true, force: true });
    delete process.env['IPVLAN_DOCTOR_STATE'];
  });

  const wish = () => visiting(dockerd, directory);
  const diagnosed = (container: string, more: Partial<DiagnoseOptions> = {}): Promise<Result> =>
    diagnoseContainer({ ...wish(), ...AROUND, container, targets: [], peers: ['10.41.0.50'], ...more });
  const lost = ({ scenarios }: Result) => scenarios.flatMap(({ warnings }) => warnings).join('\n');

  it('is looked at from inside the container where a policy rejects the helper, and the report says what certainty that costs', async () => {
    const result = await diagnosed('frontend');
    expect(verdicts(result)).to.include.members([
      'frontend>backend/icmp reachable',
      'frontend>gateway/icmp reachable',
      'frontend>8.8.8.8/icmp reachable',
      'frontend>8.8.8.8/tcp/443 reachable',
      'frontend>1.1.1.1/dns reachable',
      'frontend>google.com/dns reachable',
    ]);
    expect(lost(result)).to.match(
      /from inside the containers only \(no privileged helper: .*privileged containers are not allowed here/,
    );
    expect(result.cleanup).to.deep.equal({ state: 'complete', left: [] });
  });

  it('is looked at from inside the container where the user wants no helper', async () => {
    const result = await diagnosed('frontend', { privileged: false, targets: ['backend'] });
    expect(verdicts(result)).to.deep.equal(['frontend>backend/icmp reachable']);
    expect(lost(result)).to.match(/from inside the containers only \(no privileged helper was wanted\)/);
  });

  it('is looked at from inside the container where the helper does not start', async () => {
    await docker.importTiny('helpless:1', 'LABEL ipvlan-doctor.agent=1');
    policy.privileged = true;
    const result = await diagnosed('frontend', { agentImage: 'helpless:1', targets: ['backend', '10.41.0.77'] });
    policy.privileged = false;
    await docker.type('docker rmi helpless:1');
    expect(verdicts(result)).to.deep.equal(['frontend>backend/icmp reachable', 'frontend>10.41.0.77/icmp blocked']);
    expect(lost(result)).to.match(/would not start/);
    expect(result.cleanup).to.deep.equal({ state: 'complete', left: [] });
  });

  it('cannot be looked at through an image without a shell, which is never "unreachable"', async () => {
    await docker.importTiny('tiny:1');
    await docker.type('docker run -d --name toolless --network office tiny:1 /sleep 9999');
    const result = await diagnosed('toolless', { targets: ['backend'] });
    expect(verdicts(result)).to.deep.equal(['toolless>backend/icmp unknown']);
    expect(result.run.exitCode).to.equal(4);
  });

  it('gets a matrix', async () => {
    const result = await matrix({ ...wish(), wanted: ['frontend', 'backend'] });
    expect(verdicts(result)).to.deep.equal(['backend>frontend/icmp reachable', 'frontend>backend/icmp reachable']);
  });

  it('is collected into one file', async () => {
    const file = join(directory, 'frontend.tar.gz');
    const wanted = { container: 'frontend', targets: [], peers: [], privileged: false };
    const { collected, result } = await collectContainer({ ...wish(), ...AROUND, ...wanted }, { file, redact: true });
    expect(collected).to.include({ file, captures: 0 });
    expect(lost(result)).to.match(/no privileged helper was wanted/);
  });

  it('gets a network tried out by two containers that probe each other', async () => {
    const network = wantedNetwork({
      ...{ name: 'trial', driver: 'macvlan', parent: 'doctor0' },
      subnets: [{ subnet: '10.41.0.0/24', gateway: '10.41.0.1', range: '10.41.0.128/27' }],
    });
    await docker.type('docker rm -f frontend backend toolless');
    await docker.type('docker network rm office');
    const result = await validate({ ...wish(), ...AROUND, peers: ['10.41.0.50'], network });
    expect(verdicts(result)).to.include.members([
      'trial-1>trial-2/icmp reachable',
      'trial-1>gateway/icmp reachable',
      'trial-1>peer 10.41.0.50/icmp reachable',
      'trial-1>8.8.8.8/icmp reachable',
      'trial-1>1.1.1.1/dns reachable',
    ]);
    expect(lost(result))
      .to.match(/not allowed here/)
      .and.to.match(/Not tested: .*addresses of the range/);
    expect(result.cleanup).to.deep.equal({ state: 'complete', left: [] });
  });
});

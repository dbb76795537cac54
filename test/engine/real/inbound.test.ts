import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Agent } from '../../../src/engine/agent.js';
import { labImage } from '../../../src/lab/image.js';
import type { Result } from '../../../src/report/result.js';
import { diagnoseContainer, type DiagnoseOptions } from '../../../src/workflows/attach/diagnose.js';
import { differing, snapshot } from '../../lab/real/host-snapshot.js';
import { startDockerd, whyNoDockerd, type Dockerd } from '../dockerd.js';
import { AROUND, openOffice, verdicts, visiting, type DockerClient } from './standing.js';

const OURS = '10.41.0.100';
const CAUSE = 'container-local-firewall-or-routes';

describe('a service of a container on macvlan, asked from outside', function () {
  this.timeout(120_000);
  let dockerd: Dockerd;
  let docker: DockerClient;
  let agent: Agent;
  let directory: string;
  /** The container that the office is in. */
  let site: string;

  before(async function () {
    this.timeout(600_000);
    if (whyNoDockerd()) return this.skip();
    directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-inbound-'));
    process.env['IPVLAN_DOCTOR_STATE'] = directory;
    dockerd = await startDockerd((await labImage({ release: 'trixie' })).agentArchive);
    ({ agent, docker } = await openOffice(dockerd, directory));
    const agents = await docker.type('docker ps --format {{.Names}} --filter name=ipvlan-doctor-agent');
    site = agents.split('\n').find((name) => !name.endsWith('watching')) ?? '';
    await docker.importAlpine('alpine:1');
    for (const line of [
      `docker run -d --name webapp --network office --ip ${OURS} --dns 10.41.0.1 alpine:1 httpd -f -p 8112`,
      'docker run -d --name database --network office --ip 10.41.0.101 --dns 10.41.0.1 alpine:1 sleep 9999',
    ])
      await docker.type(line);
  });
  after(async () => {
    await agent?.[Symbol.asyncDispose]();
    await dockerd?.[Symbol.asyncDispose]();
    if (directory) await rm(directory, { recursive: true, force: true });
    delete process.env['IPVLAN_DOCTOR_STATE'];
  });

  const diagnosed = (more: Partial<DiagnoseOptions> = {}): Promise<Result> =>
    diagnoseContainer({
      ...visiting(dockerd, directory),
      ...{ ...AROUND, container: 'webapp', targets: [], peers: [] },
      ...more,
    });
  const hostState = () => snapshot(async (script) => (await agent.run(script)).stdout.toString(), docker);

  /** The laptop asks for the page, and gives up after some seconds. */
  async function laptopAsks(): Promise<void> {
    const ask = `nsenter --net=/run/netns/laptop socat -T2 - TCP:${OURS}:8112,connect-timeout=4`;
    await docker.type(`docker exec ${site} ${ask}`).catch((error: unknown) => console.error('ASK', String(error)));
  }

  /** Listens while the laptop asks once, and ends when it is done. */
  async function listened(): Promise<{ readonly result: Result; readonly lines: readonly string[] }> {
    const ended = new AbortController();
    const lines: string[] = [];
    let asking: Promise<void> | undefined;
    const result = await diagnosed({
      listen: { seconds: 60, ended: ended.signal, onLine: (line) => lines.push(line) },
      onStep(step) {
        if (step.startsWith('listening')) asking = laptopAsks().finally(() => ended.abort());
      },
    });
    await asking;
    return { result, lines };
  }

  async function withoutThePort(work: () => Promise<void>): Promise<void> {
    const { pid } = await dockerd.engine.inspectContainer('webapp');
    const filter = (what: string) =>
      agent.run(`nsenter -t ${pid} -n iptables ${what} INPUT -p tcp --dport 8112 -j DROP`);
    await filter('-A');
    try {
      await work();
    } finally {
      await filter('-D');
    }
  }

  it('is tried by a sibling, predicted for the LAN, and said not to be tried from outside', async () => {
    const result = await diagnosed();
    const [scenario] = result.scenarios;
    expect(verdicts(result)).to.include('database>webapp/tcp/8112 reachable');
    expect(scenario?.checks.find(({ predicted }) => predicted !== undefined)).to.include({
      ...{ id: 'a LAN client>webapp/tcp/8112', predicted: 'reachable', verdict: 'skipped' },
    });
    expect(scenario?.headline).to.include('Not tried from outside: webapp on tcp/8112');
    expect(result.run.exitCode, verdicts(result).join('\n')).to.equal(0);
  });

  it('fails with the rule named, where the container itself drops it', () =>
    withoutThePort(async () => {
      const result = await diagnosed();
      const [scenario] = result.scenarios;
      expect(scenario?.causes.map(({ id, confidence }) => [id, confidence])).to.deep.equal([[CAUSE, 'certain']]);
      expect(scenario?.causes[0]?.explains).to.have.members([
        'database>webapp/tcp/8112',
        'a LAN client>webapp/tcp/8112',
      ]);
      expect(scenario?.headline).to.include('8112');
      expect(result.run.exitCode).to.equal(1);
    }));

  it('is heard to be answered, and nothing is changed', async () => {
    const before = await hostState();
    const { result, lines } = await listened();
    expect(lines.slice(0, 4)).to.have.members([
      'A request from 10.41.0.50 to webapp over tcp/8112 reached doctor0.',
      'The request from 10.41.0.50 over tcp/8112 reached webapp.',
      'webapp replied to 10.41.0.50 over tcp/8112.',
      'The reply of webapp to 10.41.0.50 over tcp/8112 left doctor0.',
    ]);
    expect(verdicts(result)).to.include('10.41.0.50>webapp/tcp/8112 reachable');
    expect(result.scenarios[0]?.sent).to.equal(undefined);
    expect(result.run.exitCode).to.equal(0);
    expect(differing(before, await hostState())).to.deep.equal([]);
  });

  it('is heard to be dropped in the container, and the rule is named', () =>
    withoutThePort(async () => {
      const { result, lines } = await listened();
      expect(lines).to.include('The request from 10.41.0.50 over tcp/8112 reached webapp.');
      expect(lines.join('\n')).not.to.include('replied');
      const [scenario] = result.scenarios;
      expect(scenario?.causes.map(({ id, confidence }) => [id, confidence])).to.deep.equal([[CAUSE, 'certain']]);
      expect(scenario?.causes[0]?.explains).to.deep.equal(['10.41.0.50>webapp/tcp/8112']);
      expect(result.run.exitCode).to.equal(1);
    }));
});

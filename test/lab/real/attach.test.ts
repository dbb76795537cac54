import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Agent } from '../../../src/engine/agent.js';
import { connectEngine } from '../../../src/engine/connect.js';
import { resolveEndpoint } from '../../../src/engine/endpoint.js';
import type { Engine } from '../../../src/engine/engine.js';
import { FAULTS } from '../../../src/faults/index.js';
import { startLab, type Lab } from '../../../src/lab/lab.js';
import { LINUX_COMMAND } from '../../../src/probes/gateway/linux.js';
import { attempt } from '../../../src/process.js';
import type { Result } from '../../../src/report/result.js';
import type { Plan } from '../../../src/scenario/plan.js';
import { execute } from '../../../src/topology/execute.js';
import { Journal } from '../../../src/topology/journal.js';
import type { LiveNode } from '../../../src/topology/node.js';
import { NETNS_DIRECTORY } from '../../../src/topology/site-names.js';
import { diagnoseContainer } from '../../../src/workflows/attach/diagnose.js';
import { newRunId, planAll } from '../../../src/workflows/run/run.js';
import { DockerClient, leaveStanding } from '../../engine/real/standing.js';
import { partOfToday } from '../../from-today.js';
import { inOneLine, transcript } from './transcript.js';
import { journalHead } from '../../topology/head.js';

/** The article's LAN after its second attempt, without anything of Docker's. */
const SITE = `
id: article-site
title: The site of the article
site:
  gateway:
    routes: [{ to: 192.168.10.0/24, via: 192.168.0.2 }, { to: 192.168.20.0/24, via: 192.168.0.2 }]
    masquerades: [192.168.0.0/24, 192.168.10.0/24, 192.168.20.0/24]
networks: []
containers: []
checks: [{ from: host, to: gateway }]
`;

/** What breaks a rollout of the article's first subnet, by the cause that is to be named. */
const BROKEN = [
  'gateway-missing-return-route',
  'gateway-no-nat-for-container-subnet',
  'host-output-egress-killswitch',
  'parent-down-or-no-carrier',
  'internet-uplink-down',
  'host-default-route-lost',
];

describe('a foreign host, reached by DOCKER_HOST only', function () {
  // A validation takes 15 s where nothing else runs, and ten times that on a busy machine.
  this.timeout(300_000);
  let lab: Lab;
  let engine: Engine;
  let site: Agent;
  let plan: Plan;
  let docker: DockerClient;
  let directory: string;
  const kept: Record<string, string | undefined> = {};

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-foreign-'));
    lab = await startLab({ name: `foreign-${process.pid}`, release: 'trixie', private: true });
    for (const [name, value] of Object.entries({ ...lab.env, IPVLAN_DOCTOR_STATE: directory })) {
      kept[name] = process.env[name];
      process.env[name] = value;
    }
    engine = await connectEngine(resolveEndpoint({ engine: undefined, context: undefined, env: process.env }));
    [plan] = (await planAll(['article-second-attempt'])) as [Plan];
    expect((await leaveStanding(SITE, `lab:${lab.record.name}`, directory)).cleanup.state).to.equal('kept');
    const [standing] = await engine.listOurs();
    site = new Agent(engine, standing?.id ?? '');
    docker = await DockerClient.towards(lab.env);
  });
  after(async () => {
    site?.leave();
    engine?.disconnect();
    await lab?.[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
    for (const [name, value] of Object.entries(kept)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  const node = (name: string, kind: LiveNode['kind'], enter: readonly string[]): LiveNode => ({
    ...{ name, kind, enter, addresses: [], pid: undefined },
  });
  const nodes = [node('host', 'host', []), node('gateway', 'gateway', ['nsenter', `--net=${NETNS_DIRECTORY}/gateway`])];

  /** Breaks the site for as long as something is asked, with what its gateway says of itself. */
  async function broken(id: string, ask: (gateway: string) => Promise<void>): Promise<void> {
    const commands = FAULTS.get(id)?.commands(plan, {}) ?? [];
    const journal = Journal.begin(journalHead({ run: `break-${id}` }));
    const undo = await execute({ shell: site, nodes, journal }, commands);
    try {
      await ask(await gatewayEvidence());
    } finally {
      await undo();
    }
  }

  async function gatewayEvidence(): Promise<string> {
    const { stdout } = await site.run(
      `nsenter --net=${NETNS_DIRECTORY}/gateway sh -c '${LINUX_COMMAND.replaceAll("'", `'\\''`)}'`,
    );
    return stdout.toString();
  }

  const wish = () => ({
    ...{
      engine: 'auto',
      context: undefined,
      agentImage: undefined,
      directory,
      runId: newRunId(),
      onStep: () => undefined,
    },
    ...{
      signal: new AbortController().signal,
      peers: [],
      gateway: [],
      addresses: ['8.8.8.8', '1.1.1.1'],
      name: 'google.com',
    },
  });
  /** As a person types it. */
  async function validated(gateway: string): Promise<Result> {
    const file = join(directory, 'gateway.txt');
    await writeFile(file, gateway);
    const line = `validate --parent enp0s3 --mode l3 --subnet 192.168.10.0/24 --gateway-evidence ${file} --json -o ${directory}`;
    const { stdout, stderr, exitCode } = await attempt(process.execPath, ['dist/cli.js', ...line.split(' ')]);
    const result = JSON.parse(
      stdout || `{ "scenarios": [], "error": { "message": ${JSON.stringify(stderr)} } }`,
    ) as Result;
    expect(exitCode, stderr).to.equal(result.run.exitCode);
    return result;
  }
  const causes = ({ scenarios, error }: Result) => [
    ...(error ? [error.message] : []),
    ...(scenarios[0]?.causes.map(({ id }) => id) ?? []),
  ];

  const verdicts = ({ scenarios }: Result) =>
    scenarios
      .flatMap(({ checks }) => checks.map(({ id, observed, said }) => `${id} ${observed} ${said.join('; ')}`))
      .join('\n');

  it('would take the article’s first subnet', async () => {
    const result = await validated(await gatewayEvidence());
    expect(causes(result)).to.deep.equal([]);
    expect(result.run.exitCode, verdicts(result)).to.equal(0);
    expect(result.cleanup).to.deep.equal({ state: 'complete', left: [] });
  });

  for (const id of partOfToday(BROKEN, 2)) {
    it(`would not take it: ${id}`, () =>
      broken(id, async (gateway) => {
        const result = await validated(gateway);
        expect(causes(result), verdicts(result)).to.deep.equal([id]);
        expect(result.run.exitCode).to.equal(1);
      }));
  }

  it('whose article was typed by hand gets the article’s answer, as the README shows it', async () => {
    await docker.importAlpine('alpine');
    await docker.importAlpine('mariadb');
    const { commands, told } = transcript(await readFile('README.md', 'utf8'), 'docker network create');
    const [diagnose = '', ...typed] = commands.reverse();
    for (const line of typed.reverse()) await docker.type(line);
    await broken('gateway-missing-return-route', async (gateway) => {
      const file = join(directory, 'gateway.txt');
      await writeFile(file, gateway);
      const words = diagnose.split(' ').map((word) => (word === 'gateway.txt' ? file : word));
      const { stdout, exitCode } = await attempt(
        process.execPath,
        ['--import', 'tsx', 'src/cli.ts', ...words.slice(1), '-o', directory],
        { env: { NO_COLOR: '1' } },
      );
      expect(exitCode, stdout).to.equal(1);
      for (const piece of told) expect(inOneLine(stdout)).to.include(piece);

      const asked = { ...wish(), container: 'webapp', targets: ['database', 'google.com'], gatewaySide: {} };
      const alone = await diagnoseContainer(asked);
      const open = alone.scenarios[0]?.inconclusive.flatMap(({ oneOf }) => oneOf);
      expect([...causes(alone), ...(open ?? [])], verdicts(alone)).to.include('gateway-missing-return-route');
    });
  });

  it('shows without a privileged helper container that it drops packets', () =>
    broken('host-output-firewall-drop', async () => {
      const asked = { ...wish(), privileged: false, container: 'webapp', targets: ['8.8.8.8'], gatewaySide: {} };
      const result = await diagnoseContainer(asked);
      const [check] = result.scenarios[0]?.checks ?? [];
      expect(check?.observed, verdicts(result)).to.equal('blocked');
      const open = result.scenarios[0]?.inconclusive.find(({ id }) => id === 'host-output-firewall-drop');
      expect(open?.explains).to.include(check?.id);
      expect(open?.missing).to.match(/on host dropped these packets/);
    }));
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labImage } from '../src/lab/image.js';
import type { Result } from '../src/report/result.js';
import { diagnoseContainer } from '../src/workflows/attach/diagnose.js';
import { matrix } from '../src/workflows/attach/matrix.js';
import { newRunId } from '../src/workflows/run/run.js';
import { report, seconds, timed } from './bench-report.js';
import { startDockerd } from './engine/dockerd.js';
import { openOffice } from './engine/real/standing.js';

/** What attaching to running containers costs on a plain engine, against a person with `docker exec`, in one run. */
const MANY = 32;
const names = Array.from({ length: MANY }, (_, index) => `box${index}`);

const directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-bench-'));
process.env['IPVLAN_DOCTOR_STATE'] = directory;
const dockerd = await startDockerd((await labImage({ release: 'trixie', onStep: console.log })).agentArchive);
try {
  const { agent, docker } = await openOffice(dockerd, directory);
  await docker.importAlpine('alpine:1');
  for (const [index, name] of names.entries())
    await docker.type(
      `docker run -itd --name ${name} --network office --ip 10.41.0.${100 + index} --dns 10.41.0.1 alpine:1`,
    );

  const asked = () => ({
    ...{ engine: dockerd.host, context: undefined, agentImage: undefined, directory, runId: newRunId() },
    ...{ signal: new AbortController().signal, onStep: () => undefined },
  });
  const diagnosed = () =>
    diagnoseContainer({
      ...{ ...asked(), container: 'box0', targets: [], peers: ['10.41.0.50'], gateway: [], gatewaySide: {} },
      ...{ addresses: ['8.8.8.8', '1.1.1.1'], name: 'google.com' },
    });
  const oneAfterAnother = async (count: number, address: string) => {
    const line = `docker exec box0 ping -c 5 -i 0.2 -W 3 ${address}`;
    for (let asked = 0; asked < count; asked++) await docker.type(line).catch(() => undefined);
  };

  const healthy = await against('healthy', '10.41.0.1');
  if (healthy.run.exitCode !== 0) throw new Error(`the office is not healthy: ${healthy.scenarios[0]?.headline ?? ''}`);
  await agent.run('ip link set doctor0 down');
  await against('broken: its parent is down', '10.41.0.1');
  await agent.run('ip link set doctor0 up; ip route replace default via 10.41.0.1 dev doctor0');

  const [matrixMs, all] = await timed(() => matrix({ ...asked(), wanted: ['office'] }));
  const pairs = all.scenarios[0]?.checks.length ?? 0;
  const [rowMs] = await timed(() => oneRow());
  const eachMs = (rowMs / (MANY - 1)) * pairs;
  report(
    `matrix of ${MANY} containers, ${pairs} pairs, against a "docker exec ping -c 1" each, from ${MANY - 1} measured`,
    `${seconds(matrixMs)} to ${seconds(eachMs)}: ${(eachMs / matrixMs).toFixed(0)} x faster (must be 20)`,
  );

  async function against(what: string, silent: string): Promise<Result> {
    const [ms, result] = await timed(diagnosed);
    const count = result.scenarios[0]?.checks.length ?? 0;
    const [singleMs] = await timed(() => oneAfterAnother(count, silent));
    report(
      `diagnose, ${what}, ${count} checks, against as many such pings by "docker exec"`,
      `${seconds(ms)} to ${seconds(singleMs)}: ${(singleMs / ms).toFixed(1)} x faster (longest timeout 4 s, and 1 s)`,
    );
    return result;
  }

  async function oneRow(): Promise<void> {
    for (const { name, address } of await addressesOf(names.slice(1)))
      await docker.type(`docker exec box0 ping -c 1 -W 3 ${address}`).catch(() => console.log(`${name} is silent`));
  }

  async function addressesOf(containers: readonly string[]) {
    const inspected = await Promise.all(containers.map((name) => dockerd.engine.inspectContainer(name)));
    return inspected.map(({ name, attachments }) => ({ name, address: attachments[0]?.addresses[0] ?? '' }));
  }
  await agent[Symbol.asyncDispose]();
} finally {
  await dockerd[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
}

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { evidenceJson } from '../../../src/evidence/file.js';
import { attempt } from '../../../src/process.js';
import type { Result } from '../../../src/report/result.js';
import { loadWanted } from '../../../src/scenario/real-site.js';
import { validateOffline } from '../../../src/workflows/attach/validate-offline.js';
import { recorded } from '../../diagnosis/situation.js';

const compose = (address: string, parent = 'enp0s3') => `
networks:
  lan: { driver: macvlan, driver_opts: { parent: "${parent}" }, ipam: { config: [{ subnet: "\${SUBNET:-192.168.0.0/24}", ip_range: 192.168.0.128/25 }] } }
services:
  web: { networks: { lan: { ipv4_address: "${address}" } } }
`;

describe('validation without an engine', function () {
  this.timeout(60_000);
  let directory: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-offline-'));
    const evidence = recorded('article-second-attempt');
    const host = { ...evidence, facts: { ...evidence.facts, networks: [] } };
    await writeFile(join(directory, 'evidence.json'), evidenceJson({ ...host, origin: 'synthetic' }));
  });
  after(() => rm(directory, { recursive: true, force: true }));

  const write = async (text: string, name = 'compose.yaml') => {
    const file = join(directory, name);
    await writeFile(file, text);
    return file;
  };
  const validated = async (text: string, withEvidence = false): Promise<Result> => {
    const file = await write(text);
    const evidence = withEvidence ? join(directory, 'evidence.json') : undefined;
    return validateOffline({ runId: 'x', file, wanted: () => loadWanted(file, {}), evidence });
  };

  it('a right file passes, with exit code 0', async () => {
    const { scenarios, run, error } = await validated(compose('192.168.0.9'));
    expect(error).to.equal(undefined);
    expect(scenarios.map(({ verdict }) => verdict)).to.deep.equal(['pass']);
    expect(run).to.include({ verb: 'validate', exitCode: 0 });
  });

  it('the error says what is wrong with the file and where, with exit code 2', async () => {
    const { scenarios, run, error } = await validated(compose('10.0.0.9'));
    expect(scenarios).to.deep.equal([]);
    expect(error?.code).to.equal('SCENARIO_INVALID');
    expect(error?.message).to.match(/compose\.yaml:5:\d+: 10\.0\.0\.9 is no usable address of lan/);
    expect(run.exitCode).to.equal(2);
  });

  it('a network that the evidence of a host rules out fails, with exit code 1', async () => {
    const own = await validated(compose('192.168.0.2'), true);
    expect(own.scenarios[0]?.problems?.join()).to.include('web asks for 192.168.0.2, which the host has on enp0s3');
    expect(own.run.exitCode).to.equal(1);
    const absent = await validated(compose('192.168.0.9', 'eth9'), true);
    expect(absent.scenarios[0]?.headline).to.match(/lan: There is no eth9/);
    expect((await validated(compose('192.168.0.9'), true)).run.exitCode).to.equal(0);
  });

  it('variables come from the environment, then from the .env beside the file', async () => {
    await write('SUBNET=10.77.0.0/24\n', '.env');
    const file = await write(
      'networks:\n  a: { driver: ipvlan, driver_opts: { parent: eth0 }, ipam: { config: [{ subnet: "$SUBNET" }] } }',
    );
    const subnet = async (environment: Readonly<Record<string, string>>) =>
      (await loadWanted(file, environment)).networks[0]?.subnets[0]?.subnet;
    expect(await subnet({})).to.equal('10.77.0.0/24');
    expect(await subnet({ SUBNET: '10.78.0.0/24' })).to.equal('10.78.0.0/24');
    await rm(join(directory, '.env'));
  });

  it('JSON and reporters show the result', async () => {
    const file = await write(compose('10.0.0.9'));
    const junit = join(directory, 'junit.xml');
    const flags = ['--offline', '--json', '--reporter', `junit:${junit}`, '-o', join(directory, 'reports')];
    const { stdout, exitCode } = await attempt(process.execPath, [
      '--import',
      'tsx',
      'src/cli.ts',
      'validate',
      file,
      ...flags,
    ]);
    expect((JSON.parse(stdout) as Result).error?.message).to.include('10.0.0.9 is no usable address of lan');
    expect(exitCode).to.equal(2);
    expect(await readFile(junit, 'utf8')).to.include('10.0.0.9 is no usable address of lan');
  });

  it('a file that is no text file of reasonable size is rejected, with exit code 2', async () => {
    for (const file of [
      '/dev/zero',
      directory,
      await write('a'.repeat(5_000_000), 'huge.yaml'),
      await write('', 'empty.yaml'),
    ]) {
      const { error, run } = await validateOffline({
        runId: 'x',
        file,
        wanted: () => loadWanted(file, {}),
        evidence: undefined,
      });
      expect(error?.code, file).to.equal('SCENARIO_INVALID');
      expect(run.exitCode).to.equal(2);
    }
  });
});

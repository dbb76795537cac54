import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Result } from '../../../src/report/result.js';
import { run } from '../../../src/workflows/run/run.js';
import { runOptions, verdictLine } from '../../workflows/run/run-options.js';

/** A scenario on a network of one container; without a fault it is healthy. */
function scenario(id: string, mode: 'l2' | 'l3', fault = ''): string {
  return `
id: ${id}
title: ${id}
networks:
  - { name: ${mode}_net, driver: ipvlan, mode: ${mode}, parent: enp0s3, subnets: [${mode === 'l2' ? '192.168.0.0/24' : '192.168.10.0/24'}] }
containers:
  - { name: webapp, network: ${mode}_net, address: ${mode === 'l2' ? '192.168.0.60' : '192.168.10.10'} }
${fault === '' ? 'diagnosis: []' : `faults:\n  - ${fault}`}
checks:
  - { from: webapp, to: 8.8.8.8, expect: ${fault === '' ? 'reachable' : 'blocked'} }
remedy: skip
`;
}

const SCENARIOS = [
  scenario('a-leaves-a-rule', 'l3', "{ on: host, run: 'iptables -I OUTPUT -d 8.8.8.8 -j DROP' }"),
  scenario('b-healthy', 'l3'),
  // Deleting the link leaves the parent, and with it the container, in the mode the link brought.
  scenario(
    'c-leaves-a-mode',
    'l2',
    "{ on: host, run: 'ip link add shim link enp0s3 type ipvlan mode l3s', undo: 'ip link del shim' }",
  ),
  scenario('d-healthy', 'l2'),
];

describe('what a scenario leaves behind', function () {
  this.timeout(600_000);
  let directory: string;
  let result: Result;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-left-'));
    process.env['IPVLAN_DOCTOR_STATE'] = directory;
    const files = SCENARIOS.map((text) => ({ text, file: join(directory, `${/^id: (.*)$/m.exec(text)?.[1]}.yaml`) }));
    for (const { file, text } of files) await writeFile(file, text);
    result = await run(
      runOptions({
        scenarios: files.map(({ file }) => file),
        directory,
        onScenario: (scenario) => process.stdout.write(`    ${verdictLine(scenario)}\n`),
      }),
    );
  });

  after(async () => {
    await rm(directory, { recursive: true, force: true });
    delete process.env['IPVLAN_DOCTOR_STATE'];
  });

  const warningsOf = (id: string) => result.scenarios.find((one) => one.id === id)?.warnings.join('\n');

  it('is reported, with what is done about it', () => {
    expect(warningsOf('a-leaves-a-rule')).to.match(/"ip filter OUTPUT: ip daddr 8\.8\.8\.8 .*The lab is reset/s);
    expect(warningsOf('c-leaves-a-mode')).to.match(/webapp differs.*mode l3s.*The topology is recreated/s);
  });

  it('is not seen by the scenario after it', () => {
    for (const id of ['b-healthy', 'd-healthy']) {
      const one = result.scenarios.find((scenario) => scenario.id === id);
      expect([one?.verdict, one?.warnings], id).to.deep.equal(['pass', []]);
    }
  });

  it('is nothing of the run in the end', () => {
    expect(result.error).to.equal(undefined);
    expect(result.cleanup).to.deep.equal({ state: 'complete', left: [] });
  });
});

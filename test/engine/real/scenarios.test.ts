import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { agentImage } from '../../../src/engine/agent-image.js';
import { startAgent, type Agent } from '../../../src/engine/agent.js';
import { labImage } from '../../../src/lab/image.js';
import type { Result } from '../../../src/report/result.js';
import { run } from '../../../src/workflows/run/run.js';
import { runOptions } from '../../workflows/run/run-options.js';
import { startDockerd, whyNoDockerd, type Dockerd } from '../dockerd.js';

const MACVLAN = `
id: macvlan-on-a-real-host
title: macvlan on a host that is not ours alone
networks:
  - name: office
    driver: macvlan
    parent: doctor0
    subnets: [{ subnet: 10.41.0.0/24, gateway: 10.41.0.1 }]
site:
  lan: [10.41.0.0/24]
  host: { interface: doctor0, address: 10.41.0.2 }
  gateway: { address: 10.41.0.1 }
  peers: [{ name: laptop, address: 10.41.0.50 }]
containers:
  - { name: webapp, network: office, address: 10.41.0.100 }
  - { name: database, network: office, address: 10.41.0.101 }
checks:
  - { from: webapp, to: database, expect: reachable }
  - { from: webapp, to: google.com, expect: reachable }
  - { from: laptop, to: webapp, expect: reachable }
  - { from: host, to: google.com, expect: reachable }
  - { from: host, to: webapp, expect: { blocked-by: host-child-isolation } }
diagnosis: [host-child-isolation]
remedy: skip
`;

const DISPOSABLE = `
id: needs-a-disposable-host
title: a fault in the host itself
networks:
  - { name: net, driver: macvlan, parent: doctor0, subnets: [{ subnet: 10.41.0.0/24, gateway: 10.41.0.1 }] }
site:
  lan: [10.41.0.0/24]
  host: { interface: doctor0, address: 10.41.0.2 }
  gateway: { address: 10.41.0.1 }
containers:
  - { name: webapp, network: net, address: 10.41.0.100 }
faults: [host-ip-forward-off]
checks:
  - { from: webapp, to: gateway, expect: reachable }
`;

describe('scenarios on a shared Docker host', function () {
  this.timeout(600_000);
  let dockerd: Dockerd;
  let agent: Agent;
  let directory: string;
  let untouched: string;
  let result: Result;

  before(async function () {
    if (whyNoDockerd()) return this.skip();
    const { agentArchive } = await labImage({ release: 'trixie' });
    dockerd = await startDockerd(agentArchive);
    directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-scenarios-'));
    await mkdir(join(directory, 'scenarios'));
    await writeFile(join(directory, 'scenarios', 'macvlan-on-a-real-host.yaml'), MACVLAN);
    await writeFile(join(directory, 'scenarios', 'needs-a-disposable-host.yaml'), DISPOSABLE);
    agent = await startAgent(dockerd.engine, { image: await agentImage(dockerd.engine), run: 'watching' });
    untouched = await hostState();
    result = await run(runOptions({ scenarios: [join(directory, 'scenarios')], engine: dockerd.host, directory }));
  });
  after(async () => {
    await agent?.[Symbol.asyncDispose]();
    await dockerd?.[Symbol.asyncDispose]();
    if (directory) await rm(directory, { recursive: true, force: true });
  });

  /** All of what a scenario must leave as it was. */
  async function hostState(): Promise<string> {
    const { stdout } = await agent.run(
      'ip -o link | cut -d: -f2; ip rule; ip -6 rule; ip route show table all; sysctl -a 2>/dev/null | grep -E "ip_forward|rp_filter" | grep -E "all|default|ip_forward"; nft list ruleset',
    );
    return stdout.toString();
  }

  it('run to the end, the host’s own probes within the site', () => {
    const [macvlan] = result.scenarios.filter(({ id }) => id === 'macvlan-on-a-real-host');
    expect(result.error).to.equal(undefined);
    expect(macvlan?.checks.map(({ id, verdict }) => `${id} ${verdict}`)).to.deep.equal([
      'webapp>database/icmp pass',
      'webapp>google.com/icmp pass',
      'laptop>webapp/icmp pass',
      'host>google.com/icmp pass',
      'host>webapp/icmp pass',
    ]);
  });

  it('are skipped with the reason when they would change the host itself', () => {
    const [skipped] = result.scenarios.filter(({ id }) => id === 'needs-a-disposable-host');
    expect(skipped?.verdict).to.equal('skipped');
    expect(skipped?.reason).to.include('--allow-host-changes');
  });

  it('leave the host as it was', async () => {
    expect(await hostState()).to.equal(untouched);
    expect(result.cleanup).to.deep.include({ state: 'complete' });
  });
});

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Result } from '../../../src/report/result.js';
import { run } from '../../../src/workflows/run/run.js';
import { runOptions, verdictLine } from '../../workflows/run/run-options.js';
import { partOfToday } from '../../from-today.js';
import { mixed, type Mixture } from '../../scenario/mixture.js';
import { freeForm } from '../../scenario/free-form.js';

/** One of each kind, with two faults at once among them. */
const TAKEN = partOfToday(
  [
    'comment-host-kill-switch',
    'l2-wrong-gateway',
    'l3-two-subnets-two-faults',
    'l3-tc-ingress-filter',
    'l3s-host-masquerades',
    'macvlan-switch-port-security',
    'v6-l3-default-missing',
  ],
  2,
);

/** Two faults at once that hide each other, or make each other look like something else. */
const ALL_MIXTURES: readonly (Mixture & { readonly causes: readonly string[] })[] = [
  {
    mode: 'l3',
    faults: [['host-output-firewall-drop'], ['parent-tc-xdp-or-netdev-filter']],
    causes: ['host-output-firewall-drop', 'parent-tc-xdp-or-netdev-filter'],
  },
  {
    mode: 'l3',
    faults: [['container-uses-host-or-gateway-ip'], ['host-output-drop-new-only']],
    causes: ['container-uses-host-or-gateway-ip', 'host-output-drop-new-only'],
  },
  {
    mode: 'l3s',
    faults: [['gateway-return-route-wrong-next-hop'], ['l3s-host-input-firewall-drop']],
    causes: ['gateway-return-route-wrong-next-hop', 'l3s-host-input-firewall-drop'],
  },
  {
    mode: 'l2',
    faults: [['duplicate-ip-on-same-parent'], ['stale-neighbour-cache']],
    causes: ['duplicate-ip-on-same-parent', 'stale-neighbour-cache'],
  },
  {
    mode: 'l2',
    faults: [['gateway-acl-drops-container-subnet'], ['parent-down-or-no-carrier', { how: 'carrier' }]],
    causes: ['gateway-acl-drops-container-subnet', 'parent-down-or-no-carrier'],
  },
  {
    mode: 'l3',
    faults: [['container-local-firewall-or-routes'], ['gateway-no-nat-for-container-subnet']],
    causes: ['container-local-firewall-or-routes', 'gateway-no-nat-for-container-subnet'],
  },
  {
    mode: 'l3',
    faults: [['gateway-acl-drops-container-subnet'], ['host-masquerade-breaks-l3-conntrack']],
    causes: ['gateway-acl-drops-container-subnet', 'host-masquerade-breaks-l3-conntrack'],
  },
  {
    mode: 'macvlan',
    faults: [['target-unresponsive'], ['parent-tc-xdp-or-netdev-filter', { by: 'tc', way: 'ingress' }]],
    causes: ['parent-tc-xdp-or-netdev-filter', 'target-unresponsive'],
  },
];

const MIXTURES = partOfToday(ALL_MIXTURES, 2);

describe('a free-form network', function () {
  this.timeout(600_000);
  let directory: string;
  let result: Result;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-free-form-'));
    process.env['IPVLAN_DOCTOR_STATE'] = directory;
    const files = join(directory, 'scenarios');
    await mkdir(files);
    for (const [index, one] of MIXTURES.entries())
      await writeFile(join(files, `mixture-${index}.yaml`), mixed(`mixture-${index}`, one));
    for (const id of TAKEN) await writeFile(join(files, `strange-${id}.yaml`), await freeForm(id));
    result = await run(
      runOptions({
        scenarios: [files],
        directory,
        jobs: 3,
        onScenario: (scenario) => process.stdout.write(`    ${verdictLine(scenario)}\n`),
      }),
    );
  });
  after(async () => {
    await rm(directory, { recursive: true, force: true });
    delete process.env['IPVLAN_DOCTOR_STATE'];
  });

  it('has other addresses, names and interfaces, and its faults are shell commands', async () => {
    for (const id of TAKEN) {
      const text = await freeForm(id);
      expect(text).not.to.match(/192\.168\.|enp0s3|webapp|database|laptop|google|^ *- fault:/m);
    }
  });

  it('is diagnosed as the article’s network is, and the fix is verified', () => {
    const strange = result.scenarios.filter(({ id }) => id.startsWith('strange-'));
    expect(strange.map(({ id, verdict, reason }) => ({ id, verdict, reason }))).to.have.deep.members(
      TAKEN.map((id) => ({ id: `strange-${id}`, verdict: 'pass', reason: undefined })),
    );
  });

  for (const [index, { mode, faults, causes }] of MIXTURES.entries())
    it(`is told by each of its faults: ${mode}, ${faults.map(([id]) => id).join(' and ')}`, () => {
      const mixture = result.scenarios.find(({ id }) => id === `mixture-${index}`);
      expect(mixture?.causes.map(({ id }) => id)).to.have.members(causes);
      expect([...(mixture?.unexplained ?? []), ...(mixture?.inconclusive ?? [])]).to.deep.equal([]);
      expect(mixture?.remedy.proof, JSON.stringify(mixture?.remedy)).to.be.oneOf(['verified', 'not tried']);
    });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Plan } from '../../../src/scenario/plan.js';
import { planAll } from '../../../src/workflows/run/run.js';
import { recorded } from '../../diagnosis/situation.js';
import { suffering } from './container.js';
import { lostInHurry } from './hurry.js';
import { Recordings } from './manifest.js';

describe('what is recorded of a scenario', function () {
  // All code that a look depends on is read, and transpiled.
  this.timeout(120_000);
  let directory: string;
  let plan: Plan;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-recordings-'));
    [plan] = (await planAll(['article-first-attempt'])) as [Plan];
  });
  after(() => rm(directory, { recursive: true }));

  it('is missing, until it is kept', () => {
    const recordings = new Recordings('kept', directory);
    expect(recordings.due(plan)).to.equal('missing');
    recordings.keep(plan, '{}', { container: 'webapp' });
    expect(new Recordings('kept', directory).due(plan)).to.equal(undefined);
  });

  it('is stale once its network is another, or its faults are', () => {
    const recordings = new Recordings('host', directory);
    recordings.keep(plan, '{}');
    expect(recordings.due({ ...plan, networks: plan.networks.slice(1) })).to.equal('stale');
    expect(recordings.due({ ...plan, faults: [] })).to.equal('stale');
  });

  it('depends on the scenario’s checks only in the view of the site', () => {
    const less = { ...plan, checks: plan.checks.slice(1) };
    for (const [view, due] of [
      ['site', 'stale'],
      ['host', undefined],
    ] as const) {
      const recordings = new Recordings(view, directory);
      recordings.keep(plan, '{}');
      expect(recordings.due(less), view).to.equal(due);
    }
  });

  it('is not missing where there is nothing to look at', () => {
    const recordings = new Recordings('nothing', directory);
    recordings.keep(plan, undefined, { without: 'it has no container' });
    expect(recordings.due(plan)).to.equal(undefined);
  });

  it('is about a container that suffers', () => {
    const site = recorded('article-first-attempt');
    expect(suffering(plan, site)).to.equal('webapp');
    const others = { ...plan, containers: plan.containers.filter(({ name }) => name !== 'webapp') };
    expect(suffering(others, site)).to.equal(others.containers[0]?.name);
    expect(suffering({ ...plan, containers: [] }, site)).to.equal(undefined);
  });

  it('is not kept where a busy lab lost facts', () => {
    expect(lostInHurry(recorded('article-first-attempt'))).to.deep.equal([]);
    const lost = { fact: 'firewall', node: 'host', reason: 'it did not end in time' } as const;
    const down = { fact: 'captures', node: 'host', reason: 'tcpdump: enp0s3: That device is not up' } as const;
    expect(lostInHurry({ missing: [down, lost] })).to.deep.equal(['firewall (it did not end in time)']);
  });
});

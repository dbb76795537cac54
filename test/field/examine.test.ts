import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { evidenceJson } from '../../src/evidence/file.js';
import { writeReport } from '../../src/report/write.js';
import { rediagnosed } from '../../src/workflows/bundle/rediagnose.js';
import { recorded } from '../diagnosis/situation.js';
import { seenFromHost } from '../replay/seen-from-host.js';
import { result } from '../report/results.js';
import { examineKept } from './examine.js';
import { situation } from './situation.js';

describe('a random situation that was kept', () => {
  const one = situation({ seed: '1', number: 3 });
  let directory: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-kept-'));
    const site = recorded('article-first-attempt');
    for (const [view, evidence] of [
      ['site', site],
      ['host', seenFromHost(site)],
    ] as const) {
      await mkdir(join(directory, view, 'one'), { recursive: true });
      await writeFile(join(directory, view, 'one', 'evidence.json'), evidenceJson(evidence));
      await writeReport(result([rediagnosed({ id: 'one', evidence, was: undefined })]), join(directory, view));
    }
  });
  after(() => rm(directory, { recursive: true }));

  it('is nothing where nothing was kept', async () => {
    expect(await examineKept(one, directory)).to.equal(undefined);
  });

  it('is diagnosed again in both views', async () => {
    await writeFile(join(directory, `${one.id}.yaml`), `# make field SEED=1 ONLY=3\n${one.text}`);
    const examined = await examineKept(one, directory);
    if (!examined || 'error' in examined) return expect.fail(examined?.error);
    expect(examined.views.map(({ view }) => view)).to.deep.equal(['site', 'host']);
    expect(examined.views[0]?.result.causes.map(({ id }) => id)).to.deep.equal(['gateway-missing-return-route']);
  });

  it('is said to be interrupted where a view is missing', async () => {
    await rm(join(directory, 'host', 'result.json'));
    expect(await examineKept(one, directory)).to.deep.equal({ error: 'host: it was not looked at to the end' });
  });

  it('is not taken for what the generator makes of its number today', async () => {
    await writeFile(join(directory, `${one.id}.yaml`), 'id: another\n');
    expect(await examineKept(one, directory))
      .to.have.property('error')
      .that.includes('has changed');
  });
});

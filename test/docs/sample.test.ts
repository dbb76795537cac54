import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import { readEvidence } from '../../src/evidence/file.js';
import { readResult } from '../../src/report/json.js';
import { planAll } from '../../src/workflows/run/run.js';
import { sampleReport } from '../../src/docs/sample.js';
import { recorded } from '../diagnosis/situation.js';

const SAMPLE = 'reports/sample';

/** That it is what today's tool makes of the recorded run is what `make check` holds, with the other generated files. */
describe('the sample report', () => {
  it('the sample report is of a recorded run, and the same each time it is generated', async () => {
    const [plan] = await planAll(['article-first-attempt']);
    if (!plan) return expect.fail('there is no such scenario');
    const make = () => sampleReport(plan, recorded(plan.id));
    expect(make()).to.deep.equal(make());
    expect(JSON.parse(make()['evidence.json'] ?? '')).to.include({ origin: 'recorded' });
  });

  it('the sample report names no path of the machine it was generated on', async () => {
    for (const file of await readdir(SAMPLE))
      expect(await readFile(join(SAMPLE, file), 'utf8')).not.to.include(process.cwd());
  });

  it('the sample report is read like any other, and its evidence gives its causes', async () => {
    const result = await readResult(SAMPLE);
    const { found } = diagnose(await readEvidence(join(SAMPLE, 'evidence.json')));
    expect(result.scenarios.flatMap(({ causes }) => causes.map(({ id }) => id))).to.deep.equal(
      found.map(({ cause }) => cause.id),
    );
    expect(result.run.exitCode).to.equal(0);
  });

  it('the sample report is small', async () => {
    const sizes = await Promise.all((await readdir(SAMPLE)).map((file) => stat(join(SAMPLE, file))));
    expect(sizes.reduce((sum, { size }) => sum + size, 0)).to.be.below(300_000);
  });
});

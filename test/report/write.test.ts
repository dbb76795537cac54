import { mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { DoctorError } from '../../src/errors.js';
import { readResult, resultJson } from '../../src/report/json.js';
import { pointLatest, writeReport } from '../../src/report/write.js';
import { result, withoutReturnRoute } from './results.js';

describe('report files', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-report-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  const refusal = (work: Promise<unknown>) =>
    work.then(
      () => expect.fail('it was accepted'),
      (error: unknown) => error as DoctorError,
    );

  it('come back as they were written, from the file and from its directory', async () => {
    const written = result([withoutReturnRoute()]);
    const { json } = await writeReport(written, join(directory, 'r1'));
    expect(resultJson(await readResult(json))).to.equal(resultJson(written));
    expect(resultJson(await readResult(join(directory, 'r1')))).to.equal(resultJson(written));
  });

  it('are pointed at by "latest", the newest last', async () => {
    for (const id of ['r1', 'r2']) {
      await writeReport(result([]), join(directory, id));
      await pointLatest(join(directory, id));
    }
    expect(await readlink(join(directory, 'latest'))).to.equal('r2');
    expect(await readFile(join(directory, 'latest', 'index.html'), 'utf8')).to.include('ipvlan-doctor');
  });

  it('are written through "latest" without a link to itself', async () => {
    await writeReport(result([]), join(directory, 'r1'));
    await pointLatest(join(directory, 'r1'));
    await writeReport(result([]), join(directory, 'latest'));
    await pointLatest(join(directory, 'latest'));
    expect(await readlink(join(directory, 'latest'))).to.equal('r1');
    expect(await readdir(directory)).to.have.members(['latest', 'r1']);
  });

  it('leave what others call "latest" as it is', async () => {
    await writeReport(result([]), join(directory, 'r1'));
    await writeFile(join(directory, 'latest'), 'the only copy of my thesis');
    expect(await refusal(pointLatest(join(directory, 'r1')))).to.include({ code: 'OUTPUT_UNWRITABLE' });
    expect(await readFile(join(directory, 'latest'), 'utf8')).to.equal('the only copy of my thesis');
    await rm(join(directory, 'latest'));
    await mkdir(join(directory, 'latest'));
    expect(await refusal(pointLatest(join(directory, 'r1')))).to.include({ code: 'OUTPUT_UNWRITABLE' });
    expect((await readdir(directory)).sort()).to.deep.equal(['latest', 'r1']);
  });

  it('leave no temporary file behind where they cannot be put in their place', async () => {
    await mkdir(join(directory, 'r1', 'index.html', 'in the way'), { recursive: true });
    expect(await refusal(writeReport(result([]), join(directory, 'r1')))).to.include({ code: 'OUTPUT_UNWRITABLE' });
    expect((await readdir(join(directory, 'r1'))).sort()).to.deep.equal(['index.html', 'result.json']);
  });

  it('that cannot be written say where and what to do', async () => {
    await writeFile(join(directory, 'file'), '');
    const error = await refusal(writeReport(result([]), join(directory, 'file', 'r1')));
    expect(error).to.include({ code: 'OUTPUT_UNWRITABLE' });
    expect(error.hint).to.include('--output');
  });

  for (const [what, text, words] of [
    ['text that is no JSON', 'hello', 'cannot be read'],
    ['a file cut short', '{"schemaVersion": "1.0', 'cannot be read'],
    ['a newer format', '{"schemaVersion": "9.0.0", "scenarios": [], "run": {}}', '9.0.0'],
    ['an older format', '{"schemaVersion": "1.4.0", "scenarios": [], "run": {}}', '1.4.0'],
    ['something else', '[]', 'no schemaVersion'],
  ] as const) {
    it(`are not read from ${what}`, async () => {
      const file = join(directory, 'result.json');
      await writeFile(file, text);
      const error = await refusal(readResult(file));
      expect(error).to.include({ code: 'INPUT_INVALID' });
      expect(error.message).to.include(words);
    });
  }
});

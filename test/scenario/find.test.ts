import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { builtInScenarios, loadScenarios } from '../../src/scenario/find.js';
import { write } from './write.js';

const refusal = (wanted: readonly string[]) =>
  loadScenarios(wanted).then(
    () => expect.fail('found something'),
    (reason: unknown) => reason,
  );
const idsOf = async (wanted: readonly string[]) => (await loadScenarios(wanted)).map(({ scenario }) => scenario.id);

describe('finding scenarios', () => {
  let directory: string;
  const put = (name: string, text: string) => writeFile(join(directory, name), text);
  const example = (id: string) => write({ head: `id: ${id}\ntitle: An example` });

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'scenarios-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('takes the id of a built-in one', async () => {
    expect(await idsOf(['l2-healthy'])).to.deep.equal(['l2-healthy']);
  });

  it('takes all built-in ones when nothing is asked', async () => {
    expect(await idsOf([])).to.deep.equal(await builtInScenarios());
  });

  it('takes a file, and names it as the user did', async () => {
    await put('mine.yaml', example('mine'));
    const [loaded] = await loadScenarios([join(directory, 'mine.yaml')]);
    expect(loaded?.source.file).to.equal(join(directory, 'mine.yaml'));
  });

  it('takes every scenario of a directory in order, and each only once', async () => {
    await put('b.yml', example('b'));
    await put('a.yaml', example('a'));
    await put('notes.txt', 'not a scenario');
    expect(await idsOf([directory, join(directory, 'a.yaml')])).to.deep.equal(['a', 'b']);
  });

  it('reports the problems of all files together', async () => {
    await put('a.yaml', 'id: a');
    await put('b.yaml', '');
    const error = await refusal([directory]);
    expect(error).to.have.property('code', 'SCENARIO_INVALID');
    expect(error)
      .to.have.property('message')
      .that.contains(join(directory, 'a.yaml:1:1: '))
      .and.contains(join(directory, 'b.yaml:1:1: '));
  });

  it('rejects two scenarios with the same id', async () => {
    await mkdir(join(directory, 'sub'));
    await put('a.yaml', example('a'));
    await put('sub/a.yaml', example('a'));
    const error = await refusal([join(directory, 'a.yaml'), join(directory, 'sub')]);
    expect(error).to.have.property('message').that.contains('is called a too. Rename one of them.');
  });

  it('says of an unknown id which was meant and where all are listed', async () => {
    const error = await refusal(['article-frist-attempt']);
    expect(error).to.include({
      code: 'NOT_FOUND',
      exitCode: 2,
      message: 'No scenario is called article-frist-attempt. Did you mean "article-first-attempt"?',
      hint: '`ipvlan-doctor list scenarios` shows all.',
    });
  });

  it('guesses nothing where nothing is near', async () => {
    expect(await refusal(['xyzzy'])).to.have.property('message', 'No scenario is called xyzzy.');
  });

  it('says of a path that it is not there', async () => {
    expect(await refusal(['nowhere/x.yaml'])).to.have.property(
      'message',
      'There is no file or directory nowhere/x.yaml.',
    );
  });

  it('says of a directory that it holds no scenario', async () => {
    expect(await refusal([directory])).to.include({
      code: 'NOT_FOUND',
      message: `The directory ${directory} holds no scenario.`,
    });
  });
});

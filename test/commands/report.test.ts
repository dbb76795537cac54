import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { reported } from '../../src/commands/reporting.js';
import { resultJson } from '../../src/report/json.js';
import { healthy, result } from '../report/results.js';
import { captured, printed } from './printed.js';

describe('a result that is reported', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-tell-'));
    await mkdir(join(directory, 'reports', 'r1'), { recursive: true });
    await writeFile(join(directory, 'reports', 'r1', 'result.json'), resultJson(result([healthy()])));
    await symlink('r1', join(directory, 'reports', 'latest'));
    await writeFile(join(directory, 'a file'), '');
  });
  afterEach(() => rm(directory, { recursive: true }));

  const tap = () => readFile(join(directory, 'a.tap'), 'utf8');

  it('a result is reported again from "latest", which stays what it was', async () => {
    const { exitCode } = await printed(['report', join(directory, 'reports', 'latest', 'result.json')]);
    expect(exitCode).to.equal(0);
    expect(await readlink(join(directory, 'reports', 'latest'))).to.equal('r1');
  });

  it('reporting a file again creates no "latest" beside it', async () => {
    await writeFile(join(directory, 'result.json'), resultJson(result([healthy()])));
    await mkdir(join(directory, 'out'));
    await printed(['report', join(directory, 'result.json'), '-o', join(directory, 'out', 'mine')]);
    expect(await readdir(join(directory, 'out'))).to.deep.equal(['mine']);
  });

  it('the exit code is 3 when a reporter cannot write; it says where, and the others write', async () => {
    const where = join(directory, 'a file', 'x.xml');
    const wishes = ['--reporter', `junit:${where}`, '--reporter', `tap:${join(directory, 'a.tap')}`];
    const { text, exitCode } = await printed(['report', join(directory, 'reports', 'r1'), ...wishes]);
    expect(exitCode).to.equal(3);
    expect(text).to.include(`The reporter junit failed: ${where} cannot be written`);
    expect(text).to.include('1 of 1 checks went as');
    expect(await tap()).to.include('ok 1');
  });

  for (const [code, ends] of [
    [0, 3],
    [1, 1],
    [4, 4],
    [6, 6],
  ] as const) {
    it(`the exit code is ${ends} when the report of a run with exit code ${code} cannot be written`, async () => {
      const flags = {
        output: join(directory, 'reports'),
        reporter: [{ name: 'junit', path: join(directory, 'a file', 'x') }],
      };
      const told = result([healthy()]);
      const { text, exitCode } = await captured(() =>
        reported(flags, () => Promise.resolve({ ...told, run: { ...told.run, exitCode: code } })),
      );
      expect(exitCode).to.equal(ends);
      expect(text).to.include('1 of 1 checks went as');
    });
  }

  it('terminal and reporters still show a result whose report cannot be written', async () => {
    const wishes = ['-o', join(directory, 'a file', 'x'), '--reporter', `tap:${join(directory, 'a.tap')}`];
    const { text, exitCode } = await printed(['report', join(directory, 'reports', 'r1'), ...wishes]);
    expect(exitCode).to.equal(3);
    expect(text).to.include('cannot be written').and.include('1 of 1 checks went as').and.not.include('Report: ');
    expect(await tap()).to.include('ok 1');
  });
});

describe('standard output', function () {
  this.timeout(60_000);
  const shell = promisify(execFile);
  const ended = async (command: string) => {
    const { stdout, stderr } = await shell('bash', ['-c', `{ ${command}; }; echo "codes \${PIPESTATUS[*]}"`]);
    return { codes: /codes (.*)/.exec(stdout)?.[1], stderr };
  };

  it('a closed standard output causes no stack trace', async () => {
    const { codes, stderr } = await ended('node --import tsx src/cli.ts list causes | true');
    expect(stderr).to.equal('');
    expect(codes).to.equal('0 0');
  });

  it('a full standard output is reported, with an exit code', async () => {
    const { codes, stderr } = await ended('node --import tsx src/cli.ts list causes >/dev/full');
    expect(stderr).to.match(/^Standard output cannot be written: .*ENOSPC.*\n[^\n]*\n$/);
    expect(codes).to.equal('3');
  });
});

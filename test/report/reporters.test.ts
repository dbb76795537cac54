import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { differences, renderDifferences } from '../../src/report/diff.js';
import { parseReporter, printsItself, report, type ReporterContext } from '../../src/report/reporters.js';
import { check, healthy, result, withoutReturnRoute } from './results.js';

describe('reporters', () => {
  let directory: string;
  let printed: string;
  let around: ReporterContext;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-reporters-'));
    printed = '';
    const print = (text: string) => void (printed += text);
    around = { directory, print, stepSummary: undefined, view: { columns: 80, verbose: false } };
  });
  afterEach(() => rm(directory, { recursive: true }));

  const tell = (...names: readonly string[]) =>
    report(result([withoutReturnRoute()]), names.map(parseReporter), around);

  it('write where they are told, or beside the report, several at once and whole', async () => {
    expect(await tell('junit', `tap:${join(directory, 'deep', 'a.tap')}`, 'sarif', 'markdown', 'github')).to.deep.equal(
      [],
    );
    expect((await readdir(directory)).sort()).to.deep.equal([
      'deep',
      'junit.xml',
      'report.md',
      'report.sarif',
      'summary.md',
    ]);
    expect(await readdir(join(directory, 'deep'))).to.deep.equal(['a.tap']);
  });

  it('print where that is wished', async () => {
    await tell('terminal', 'tap:-');
    expect(printed).to.include('cannot reach google.com').and.include('TAP version 14');
    expect(['terminal', 'tap:-', 'github'].map(parseReporter).every(printsItself)).to.equal(true);
    expect(['junit', 'terminal:x.txt'].map(parseReporter).some(printsItself)).to.equal(false);
  });

  it('add to the summary of a job that others began', async () => {
    const stepSummary = join(directory, 'step');
    await writeFile(stepSummary, 'before\n');
    await report(result([healthy()]), [parseReporter('github')], { ...around, stepSummary });
    expect(await readFile(stepSummary, 'utf8')).to.match(/^before\n# ipvlan-doctor run/);
  });

  it('do not spoil each other or the run when one fails', async () => {
    await writeFile(join(directory, 'file'), '');
    const problems = await tell(`junit:${join(directory, 'file', 'x.xml')}`, 'tap');
    expect(problems).to.have.length(1);
    expect(problems[0]?.message).to.include('The reporter junit failed');
    expect(problems[0]).to.include({ code: 'OUTPUT_UNWRITABLE' });
    expect(await readdir(directory)).to.include('report.tap');
  });

  it('that do not exist are rejected, with the one that was meant', () => {
    expect(() => parseReporter('junti')).to.throw('Did you mean "junit"?');
    expect(() => parseReporter('constructor')).to.throw('no reporter');
  });
});

describe('two results', () => {
  it('that say the same differ in nothing, also when their durations differ', () => {
    const again = result([healthy({ timing: [{ phase: 'probe', ms: 9 }] })]);
    expect(differences(result([healthy()]), again)).to.deep.equal([]);
    expect(renderDifferences([])).to.equal('Nothing changed.\n');
  });

  it('differ in verdicts, causes, checks, and in scenarios that only one has', () => {
    const before = result([healthy({ id: 'a' }), healthy({ id: 'gone' })]);
    const after = result([withoutReturnRoute({ id: 'a', verdict: 'fail' }), healthy({ id: 'new', checks: [check()] })]);
    const text = renderDifferences(differences(before, after));
    expect(text).to.include('  ~ verdict: pass → fail');
    expect(text).to.include(
      '  + gateway-missing-return-route: certain, accounts for webapp>google.com/icmp, remedy verified',
    );
    expect(text).to.include('  ~ webapp>google.com/icmp: pass, reachable → pass, blocked: timeout');
    expect(text).to.include('gone\n  - scenario: pass').and.include('new\n  + scenario: pass');
  });
});

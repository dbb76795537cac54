import { appendFileSync, chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { DoctorError } from '../../src/errors.js';
import { Journal, readJournals } from '../../src/topology/journal.js';

describe('Journal', () => {
  let directory: string;
  const head = { run: 'r1', pid: process.pid, engine: 'lab', context: undefined, startedAt: '2026-01-01T00:00:00Z' };

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'ipvlan-doctor-journal-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('shows what was never taken back, newest first', () => {
    const journal = Journal.begin(head, directory);
    const first = journal.note('a link', 'ip link del a');
    journal.note('a rule', 'ip rule del priority 1');
    journal.note('a table', 'nft delete table t');
    journal.done(first);
    const [left] = readJournals(directory);
    expect(left?.open.map(({ undo }) => undo)).to.deep.equal(['nft delete table t', 'ip rule del priority 1']);
    expect(left?.alive).to.equal(true);
  });

  it('keeps everything before a line that a crash cut short', () => {
    const journal = Journal.begin(head, directory);
    journal.note('a link', 'ip link del a');
    appendFileSync(journal.file, '{"id":2,"what":"ha');
    expect(readJournals(directory)[0]?.open).to.have.length(1);
  });

  it('knows that the run that wrote it is gone', () => {
    Journal.begin({ ...head, pid: 2 ** 22 + 1 }, directory);
    expect(readJournals(directory)[0]?.alive).to.equal(false);
  });

  it('is neither written nor read where others could have put one', () => {
    Journal.begin({ ...head, pid: 2 ** 22 + 1 }, directory);
    chmodSync(directory, 0o777);
    expect(() => readJournals(directory)).to.throw(DoctorError, 'can be written by other users');
    expect(() => Journal.begin({ ...head, run: 'r2' }, directory)).to.throw(DoctorError, 'can be written');
  });

  it('is gone once the run ends', () => {
    const journal = Journal.begin(head, directory);
    journal.end();
    expect(existsSync(journal.file)).to.equal(false);
    expect(readJournals(directory)).to.deep.equal([]);
  });

  it('refuses to begin where it cannot write', () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    expect(() => Journal.begin(head, join(file, 'journal')))
      .to.throw(DoctorError)
      .with.property('code', 'OUTPUT_UNWRITABLE');
  });
});

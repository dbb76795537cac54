import { appendFileSync, chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { DoctorError } from '../../src/errors.js';
import { thisProcess } from '../../src/process-identity.js';
import { Journal } from '../../src/topology/journal.js';
import { readJournals } from '../../src/topology/left-journals.js';
import { ENDED, journalHead } from './head.js';

describe('Journal', () => {
  let directory: string;
  const head = journalHead();

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'ipvlan-doctor-journal-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('shows what was never undone, newest first', () => {
    const journal = Journal.begin(head, directory);
    const first = journal.note('a link', 'ip link del a');
    journal.note('a rule', 'ip rule del priority 1');
    journal.note('a table', 'nft delete table t');
    journal.done(first);
    const [left] = readJournals(directory).journals;
    expect(left?.open.map(({ undo }) => undo)).to.deep.equal(['nft delete table t', 'ip rule del priority 1']);
    expect(left?.writer).to.equal('alive');
  });

  it('keeps everything before a line that a crash cut short', () => {
    const journal = Journal.begin(head, directory);
    journal.note('a link', 'ip link del a');
    appendFileSync(journal.file, '{"id":2,"what":"ha');
    expect(readJournals(directory).journals[0]?.open).to.have.length(1);
  });

  for (const [what, writer, state] of [
    ['has ended', { pid: 2 ** 22 + 1 }, 'ended'],
    ['has ended, and its number is another process’s now', ENDED, 'ended'],
    ['has ended, before this boot of the machine', { started: `0-0 ${thisProcess().started?.split(' ')[1]}` }, 'ended'],
    ['lives, where its start is not known', { started: undefined }, 'alive'],
    ['is on another machine', { machine: 'elsewhere.test' }, 'elsewhere'],
  ] as const)
    it(`knows that the process that wrote it ${what}`, () => {
      Journal.begin({ ...head, process: { ...head.process, ...writer } }, directory);
      expect(readJournals(directory).journals[0]?.writer).to.equal(state);
    });

  it('keeps what a change did to the host, and what the host was before it', () => {
    const journal = Journal.begin(head, directory);
    journal.before(new Set(['a', 'b']));
    journal.changed(journal.note('a rule', 'ip rule del'), { added: ['c'], removed: ['b'] });
    journal.keep();
    const [left] = readJournals(directory).journals;
    expect(left?.before).to.deep.equal(new Set(['a', 'b']));
    expect(left?.open[0]?.change)
      .to.include({ changed: 1 })
      .and.deep.include({ added: ['c'], removed: ['b'] });
    expect(left?.kept).to.equal(true);
  });

  describe('a damaged journal', () => {
    const HEAD = JSON.stringify(head);
    const NOTE = JSON.stringify({ id: 1, what: 'a link', undo: 'ip link del a' });
    for (const [what, content, why] of [
      ['is empty', '', 'line 1'],
      ['has half a head', HEAD.slice(0, 40), 'line 1'],
      ['has no head', `${NOTE}\n`, 'run'],
      ['has a head of another version', `${JSON.stringify({ run: 'x', pid: 1, engine: '' })}\n`, 'engine'],
      ['has a line that is no JSON', `${HEAD}\n{"id":1,"what":\n${NOTE}\n`, 'line 2'],
      ['has an entry of wrong types', `${HEAD}\n{"id":"1","what":5,"undo":null}\n`, 'Invalid input'],
      ['is a directory', undefined, 'directory'],
    ] as const)
      it(`is reported, and the others are read: it ${what}`, () => {
        const file = join(directory, 'broken.jsonl');
        if (content === undefined) mkdirSync(file);
        else writeFileSync(file, content);
        Journal.begin(head, directory).note('a link', 'ip link del a');
        const { journals, damaged } = readJournals(directory);
        expect(journals.map(({ head: { run }, open }) => [run, open.length])).to.deep.equal([['r-1', 1]]);
        expect(damaged.map((one) => [one.file, one.run])).to.deep.equal([[file, 'broken']]);
        expect(damaged[0]?.why).to.include(why);
      });
  });

  it('is neither written nor read where others could have put one', () => {
    Journal.begin(head, directory);
    chmodSync(directory, 0o777);
    expect(() => readJournals(directory)).to.throw(DoctorError, 'can be written by other users');
    expect(() => Journal.begin({ ...head, run: 'r2' }, directory)).to.throw(DoctorError, 'can be written');
  });

  it('is gone once the run ends', () => {
    const journal = Journal.begin(head, directory);
    journal.end();
    expect(existsSync(journal.file)).to.equal(false);
    expect(readJournals(directory)).to.deep.equal({ journals: [], damaged: [] });
  });

  it('does not begin where it cannot write', () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    expect(() => Journal.begin(head, join(file, 'journal')))
      .to.throw(DoctorError)
      .with.property('code', 'OUTPUT_UNWRITABLE');
  });
});

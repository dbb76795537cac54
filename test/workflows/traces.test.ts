import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { dropsInstance, removeDrops } from '../../src/probes/capture/drops.js';
import { removeTable, traceTable } from '../../src/probes/capture/trace-table.js';
import { deferTraces } from '../../src/workflows/traces.js';
import { Cleanup } from '../../src/topology/cleanup.js';
import { Journal } from '../../src/topology/journal.js';
import { readJournals } from '../../src/topology/left-journals.js';
import { journalHead } from '../topology/head.js';

const HEAD = journalHead();

describe('what the looks of a run create in the kernel', () => {
  let directory: string;
  beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-drops-'))));
  afterEach(() => rm(directory, { recursive: true }));

  const defer = (exitCode: number, left: string[] = []) => {
    const journal = Journal.begin(HEAD, directory);
    const ran: string[] = [];
    const run = (script: string) => {
      ran.push(script);
      return Promise.resolve({ exitCode, stdout: Buffer.alloc(0), stderr: 'rmdir: it is busy' });
    };
    const cleanup = new Cleanup(left);
    deferTraces(cleanup, { shell: { run }, journal, run: HEAD.run });
    return { cleanup, ran };
  };
  const open = () => readJournals(directory).journals.flatMap((journal) => journal.open);

  it('a trace instance and a table are journalled before a look creates them, with their undo', () => {
    defer(0);
    expect(open().map(({ undo }) => undo)).to.deep.equal([
      removeTable(traceTable('r-1')),
      removeDrops(dropsInstance('r-1')),
    ]);
  });

  it('a trace instance and a table are removed with the run, and leave nothing to gc', async () => {
    const { cleanup, ran } = defer(0);
    await cleanup[Symbol.asyncDispose]();
    expect(ran).to.deep.equal([removeTable('ipvlan_doctor_trace_r_1'), removeDrops('ipvlan_doctor_r_1')]);
    expect(open()).to.deep.equal([]);
  });

  it('a trace instance that stays is reported, and left to gc', async () => {
    const left: string[] = [];
    await defer(1, left).cleanup[Symbol.asyncDispose]();
    expect(left).to.deep.equal([
      'Could not remove the nftables table inet ipvlan_doctor_trace_r_1: rmdir: it is busy',
      'Could not remove the kernel trace instance ipvlan_doctor_r_1: rmdir: it is busy',
    ]);
    expect(open()).to.have.lengthOf(2);
  });
});

import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { addressOf } from '../../../src/engine/address.js';
import type { DoctorError } from '../../../src/errors.js';
import { identityLine, thisProcess, type ProcessIdentity } from '../../../src/process-identity.js';
import { Journal, type JournalHead } from '../../../src/topology/journal.js';
import { collectGarbage, type GarbageWish } from '../../../src/workflows/gc/gc.js';
import { empty, startFakeEngine, type Answer, type FakeEngine } from '../../engine/fake-engine.js';
import { ENDED, journalHead } from '../../topology/head.js';

/** A container as the engine lists it. */
interface Listed {
  readonly id: string;
  readonly run: string;
  readonly process?: ProcessIdentity;
}

describe('gc', () => {
  let directory: string;
  let here: FakeEngine;
  let there: FakeEngine;
  let objects: Listed[];

  beforeEach(async () => {
    objects = [];
    directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-gc-'));
    process.env['IPVLAN_DOCTOR_STATE'] = directory;
    here = await startFakeEngine(listing, 'HERE');
    there = await startFakeEngine(listing, 'THERE');
  });
  afterEach(async () => {
    delete process.env['IPVLAN_DOCTOR_STATE'];
    await here[Symbol.asyncDispose]();
    await there[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
  });

  /** An engine that lists the objects and removes them. */
  const listing: Answer = (asked, response, request) => {
    const removed = /^DELETE \/containers\/(\w+)/.exec(asked)?.[1];
    if (removed !== undefined) {
      objects = objects.filter(({ id }) => id !== removed);
      return void response.writeHead(204).end();
    }
    if (!asked.startsWith('GET /containers/json?')) {
      empty(asked, response, request);
      return;
    }
    const listed = objects.map(({ id, run, process: maker }) => {
      const made = maker ? { 'ipvlan-doctor.process': identityLine(maker) } : {};
      return { Id: id, Names: [`/agent-${id}`], Labels: { 'ipvlan-doctor.run': run, ...made } };
    });
    response.end(JSON.stringify(listed));
  };

  /** A journal of a run that has ended, on an engine. */
  const left = (run: string, on: FakeEngine | undefined, more: Partial<JournalHead> = {}) =>
    Journal.begin(
      journalHead({
        ...{ run, process: ENDED, engineId: on === here ? 'HERE' : 'THERE' },
        ...(on ? { engine: addressOf({ engine: on.host, env: {} }) } : {}),
        ...more,
      }),
    );
  const journals = () => readdirSync(join(directory, 'journal'));
  const collect = (wish: Partial<GarbageWish> = {}) =>
    collectGarbage({ orphans: false, dryRun: false, confirm: () => Promise.resolve(false), ...wish });
  const outcomes = async (wish: Partial<GarbageWish> = {}) =>
    (await collect(wish)).map(({ run, outcome }) => `${run} ${outcome}`);
  const refused = (wish: Partial<GarbageWish>) =>
    collect(wish).then(
      () => undefined,
      (error: unknown) => error as DoctorError,
    );

  it('gc cleans up on the engine the run worked on, not on the one of the environment', async () => {
    left('r-1', here);
    objects = [{ id: 'a', run: 'r-1' }];
    process.env['DOCKER_HOST'] = there.host;
    try {
      expect(await outcomes()).to.deep.equal(['r-1 cleaned up']);
    } finally {
      delete process.env['DOCKER_HOST'];
    }
    expect(there.asked).to.deep.equal([]);
    expect(objects).to.deep.equal([]);
    expect(journals()).to.deep.equal([]);
  });

  it('gc touches nothing on another engine that answers at the same place, and keeps the journal', async () => {
    left('r-1', here, { engineId: 'ANOTHER' });
    objects = [{ id: 'a', run: 'r-1' }];
    const [one] = await collect();
    expect(one?.outcome).to.equal('left');
    expect(one?.left.join()).to.include('HERE').and.include('ANOTHER');
    expect(here.asked).to.deep.equal([]);
    expect(journals()).to.deep.equal(['r-1.jsonl']);
  });

  it('gc keeps the journal of an engine that does not answer', async () => {
    left('r-1', undefined);
    expect(await outcomes()).to.deep.equal(['r-1 left']);
    expect(journals()).to.deep.equal(['r-1.jsonl']);
  });

  it('gc keeps the journal when the undo of a change could not be run', async () => {
    left('r-1', here).note('a rule', 'nft delete rule inet t o handle 1');
    const [one] = await collect();
    expect(one).to.include({ outcome: 'left' });
    expect(one?.undone).to.deep.equal([]);
    expect(journals()).to.deep.equal(['r-1.jsonl']);
  });

  it('gc touches no run whose process lives, and recognises a process id that was used again', async () => {
    left('alive', here, { process: thisProcess() });
    left('ended', here);
    objects = ['alive', 'ended'].map((run) => ({ id: run, run }));
    expect(await outcomes()).to.deep.equal(['ended cleaned up']);
    expect(objects.map(({ run }) => run)).to.deep.equal(['alive']);
    expect(await refused({ run: 'alive' })).to.include({ code: 'HOST_CONFLICT' });
  });

  it('gc leaves a run of another machine to that machine, unless it is named', async () => {
    left('r-1', here, { process: { ...ENDED, machine: 'elsewhere.test' } });
    const [one] = await collect();
    expect(one?.left.join()).to.include('elsewhere.test').and.include('gc --run r-1');
    expect(await outcomes({ run: 'r-1' })).to.deep.equal(['r-1 cleaned up']);
  });

  it('gc leaves what was kept on request, unless it is named or confirmed', async () => {
    for (const run of ['r-1', 'r-2']) left(run, here).keep();
    expect(await outcomes()).to.deep.equal(['r-1 kept', 'r-2 kept']);
    expect(await outcomes({ run: 'r-1' })).to.deep.equal(['r-1 cleaned up']);
    const asked: string[] = [];
    const confirm = (question: string) => Promise.resolve(asked.push(question) > 0);
    expect(await outcomes({ confirm })).to.deep.equal(['r-2 cleaned up']);
    expect(asked.join()).to.include('r-2');
  });

  it('gc cleans up only on the engine that is named, and only after the run that is named', async () => {
    for (const run of ['r-1', 'r-1-2', 'r-10']) left(run, here);
    left('other', there);
    expect(await outcomes({ engine: there.host })).to.deep.equal(['other cleaned up']);
    expect(await outcomes({ run: 'r-1' })).to.deep.equal(['r-1-2 cleaned up', 'r-1 cleaned up']);
    expect(journals()).to.deep.equal(['r-10.jsonl']);
    expect(await refused({ run: 'r-77' })).to.include({ code: 'NOT_FOUND' });
  });

  it('gc changes nothing in a dry run', async () => {
    left('r-1', here).note('a rule', 'ip rule del');
    left('r-2', here).keep();
    objects = [{ id: 'a', run: 'r-1' }];
    expect(await outcomes({ dryRun: true })).to.deep.equal(['r-1 planned', 'r-2 kept']);
    expect(await outcomes({ dryRun: true, run: 'r-2' })).to.deep.equal(['r-2 planned']);
    expect(await outcomes({ dryRun: true, engine: here.host, orphans: true })).to.include('r-1 planned');
    expect(objects).to.have.lengthOf(1);
    expect(journals()).to.have.lengthOf(2);
  });

  it('gc reports a damaged journal, and goes on with the others', async () => {
    left('r-1', here);
    mkdirSync(join(directory, 'journal', 'a-broken.jsonl'));
    const collected = await collect();
    expect(collected.map(({ run, outcome }) => [run, outcome])).to.deep.equal([
      ['a-broken', 'left'],
      ['r-1', 'cleaned up'],
    ]);
    expect(collected[0]?.left.join()).to.include(join(directory, 'journal', 'a-broken.jsonl'));
    expect(existsSync(join(directory, 'journal', 'a-broken.jsonl'))).to.equal(true);
  });

  it('gc removes objects that no journal names only on request, and never those of a process that lives', async () => {
    left('kept', here).keep();
    objects = [
      { id: 'a', run: 'kept' },
      { id: 'b', run: 'live', process: thisProcess() },
      { id: 'c', run: 'live' },
      { id: 'd', run: 'dead', process: ENDED },
      { id: 'e', run: 'old' },
      { id: 'f', run: 'far', process: { ...ENDED, machine: 'elsewhere.test' } },
    ];
    expect(await refused({ orphans: true })).to.include({ code: 'USAGE' });
    expect(await outcomes({ engine: here.host })).to.deep.equal(['kept kept']);
    expect(objects).to.have.lengthOf(6);
    expect(await outcomes({ engine: here.host, orphans: true })).to.deep.equal([
      'kept kept',
      'dead cleaned up',
      'old cleaned up',
      'far left',
    ]);
    expect(objects.map(({ id }) => id)).to.deep.equal(['a', 'b', 'c', 'f']);
  });
});

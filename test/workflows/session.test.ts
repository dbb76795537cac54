import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readJournals } from '../../src/topology/left-journals.js';
import { Clock } from '../../src/workflows/clock.js';
import type { ChosenEngine } from '../../src/workflows/engine/chosen-engine.js';
import { inSession, type EngineSession, type Setting } from '../../src/workflows/session.js';
import { journalHead } from '../topology/head.js';

/** An engine with nothing of ours on it. */
const CHOSEN = {
  engine: { id: 'one', listOurs: () => Promise.resolve([]) },
  address: journalHead().engine,
} as unknown as ChosenEngine;

describe('a session on an engine', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-session-'));
    process.env['IPVLAN_DOCTOR_STATE'] = directory;
  });
  afterEach(async () => {
    delete process.env['IPVLAN_DOCTOR_STATE'];
    await rm(directory, { recursive: true });
  });

  /** Does something in a session, and says what was undone, what is left, and which journals there are after it. */
  const after = async (work: (session: EngineSession) => void, more: Partial<Setting> = {}) => {
    const undone: string[] = [];
    const left: string[] = [];
    const setting = { run: 'r-1', agentImage: undefined, onStep: () => undefined, images: new Set<string>() };
    const failed = await inSession(CHOSEN, { ...setting, clock: new Clock(), left, ...more }, (session) => {
      session.cleanup.defer('remove it', () => Promise.resolve(undone.push('it')));
      work(session);
      return Promise.resolve();
    }).then(() => undefined, String);
    return { undone, left, failed, journals: readJournals().journals.map(({ kept }) => ({ kept })) };
  };
  const stuck = (session: EngineSession) => {
    session.cleanup.defer('remove a link', () => Promise.reject(new Error('it is busy')));
  };

  it('a session undoes what was deferred, and leaves no journal', async () => {
    const ended = await after(() => undefined);
    expect(ended).to.deep.equal({ undone: ['it'], left: [], failed: undefined, journals: [] });
  });

  it('a session whose work fails undoes what was deferred, and passes the error on', async () => {
    const ended = await after(() => {
      throw new Error('no such container');
    });
    expect(ended).to.deep.equal({ undone: ['it'], left: [], failed: 'Error: no such container', journals: [] });
  });

  it('a session that is kept undoes nothing, and its journal says that it was kept', async () => {
    const ended = await after((session) => {
      session.keep();
    });
    expect(ended).to.deep.equal({ undone: [], left: [], failed: undefined, journals: [{ kept: true }] });
  });

  it('a session that could not undo something says so, and leaves its journal to gc', async () => {
    const { left, journals } = await after(stuck);
    expect(left).to.deep.equal(['Could not remove a link: it is busy']);
    expect(journals).to.deep.equal([{ kept: false }]);
  });

  it('a session on a machine that is gone leaves no journal', async () => {
    const { left, journals } = await after(stuck, { isMachineGone: () => Promise.resolve(true) });
    expect(left).to.have.lengthOf(1);
    expect(journals).to.deep.equal([]);
  });
});

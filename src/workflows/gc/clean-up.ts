import { rm } from 'node:fs/promises';
import { endpointAt, type EngineAddress } from '../../engine/address.js';
import { agentImage } from '../../engine/agent-image.js';
import { startAgent } from '../../engine/agent.js';
import { connectEngine } from '../../engine/connect.js';
import { resolveEndpoint } from '../../engine/endpoint.js';
import type { Engine } from '../../engine/engine.js';
import { removeOwned } from '../../engine/remove-owned.js';
import { DoctorError, messageOf } from '../../errors.js';
import { findLab } from '../../lab/lab.js';
import type { LeftJournal } from '../../topology/left-journals.js';
import { undoLeft } from '../../topology/undo-left.js';
import type { CleanedUpRun } from './orphans.js';

type CleanedUp = Pick<CleanedUpRun, 'outcome' | 'undone' | 'left'>;

/** Cleans up after a run on the engine it worked on. Its journal goes when nothing of the run is left. */
export async function cleanUpAfter(journal: LeftJournal): Promise<CleanedUp> {
  try {
    await using reached = await reach(journal);
    const { undone, left } = reached.engine ? await removeAndUndo(reached.engine, journal) : GONE;
    if (left.length === 0) await rm(journal.file, { force: true });
    return { outcome: left.length === 0 ? 'cleaned up' : 'left', undone, left };
  } catch (error) {
    const hint = error instanceof DoctorError ? error.hint : undefined;
    return { outcome: 'left', undone: [], left: [[messageOf(error), hint].filter(Boolean).join(' ')] };
  }
}

const GONE = { undone: ['the lab it ran in is gone'], left: [] };

interface Reached extends AsyncDisposable {
  /** Absent when it was a lab that is no longer: everything went with it. */
  readonly engine: Engine | undefined;
}

/** @throws DoctorError `ENGINE_UNREACHABLE` when another engine answers there */
async function reach({ head }: LeftJournal): Promise<Reached> {
  const engine = await engineAt(head.engine);
  const disposable = {
    engine,
    [Symbol.asyncDispose]() {
      engine?.disconnect();
      return Promise.resolve();
    },
  };
  const { engineId } = head;
  if (!engine || engineId === undefined || engine.id === engineId) return disposable;
  engine.disconnect();
  throw new DoctorError(
    'ENGINE_UNREACHABLE',
    `The engine at ${engine.name} is not the one the run worked on: its id is ${engine.id ?? 'unknown'}, not ${engineId}.`,
    { hint: 'Start the engine of that time there, or remove the journal when that engine is gone for good.' },
  );
}

async function engineAt(address: EngineAddress): Promise<Engine | undefined> {
  if (address.kind === 'endpoint') return connectEngine(endpointAt(address));
  const lab = await findLab(address.name);
  if (lab?.record.startedAt !== address.startedAt) return undefined;
  return connectEngine(resolveEndpoint({ engine: undefined, context: undefined, env: lab.env }));
}

async function removeAndUndo(engine: Engine, journal: LeftJournal): Promise<Pick<CleanedUpRun, 'undone' | 'left'>> {
  const { run } = journal.head;
  const own = `gc-${run}`;
  const remove = async () =>
    (await removeOwned(engine, { runs: [run, own] })).map(
      ({ object: { kind, name }, why }) => `${kind} ${name}: ${why}`,
    );
  // Containers first: the site lives in the agent, and IPvlan links keep networks busy.
  const left = await remove();
  if (journal.open.length === 0) return { undone: [], left };
  const { undone, left: still } = await undoOnHost(engine, journal, own);
  // A network that something on the host still held may be free now.
  return { undone, left: [...still, ...(left.length > 0 ? await remove() : [])] };
}

async function undoOnHost(engine: Engine, journal: LeftJournal, run: string) {
  await using agent = await startAgent(engine, { image: await agentImage(engine), run });
  // Awaited here, or the agent would be removed first.
  return await undoLeft(agent, journal);
}

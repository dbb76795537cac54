import { quote } from '../../shell.js';
import { rm } from 'node:fs/promises';
import { addressOf, endpointAt, nameOfAddress, type EngineAddress } from '../../engine/address.js';
import { agentImage } from '../../engine/agent-image.js';
import { startAgent } from '../../engine/agent.js';
import { connectEngine } from '../../engine/docker.js';
import { resolveEndpoint } from '../../engine/endpoint.js';
import type { Engine } from '../../engine/engine.js';
import { sweep } from '../../engine/sweep.js';
import { DoctorError, messageOf } from '../../errors.js';
import { DEFAULT_NAME, findLab, sweepLabs } from '../../lab/lab.js';
import { readJournals, type LeftJournal } from '../../topology/left-journals.js';
import { undoLeft } from '../../topology/undo-left.js';
import { collectOrphans, type Collected } from './orphans.js';

export type { Collected } from './orphans.js';

/** What is to be cleaned up. */
export interface GarbageWish {
  /** Only what was left on this engine, in the form `--engine` takes; every engine when absent. */
  readonly engine?: string | undefined;
  /** Only this run, even when it was kept on request; every run that was not kept when absent. */
  readonly run?: string | undefined;
  /** Also objects on `engine` that no journal on this machine names. */
  readonly orphans: boolean;
  /** Whether to say only what would be done. */
  readonly dryRun: boolean;
  /** Asked about each run that was kept on request and is not named. */
  readonly confirm: (question: string) => Promise<boolean>;
}

/**
 * Finishes what killed runs left behind: undoes journalled changes to hosts, and removes what carries their labels. Touches no
 * run whose process lives.
 *
 * @throws DoctorError `USAGE` for orphans without an engine, `NOT_FOUND` when the named run left nothing here,
 *   `HOST_CONFLICT` while it is still going on
 */
export async function collectGarbage(wish: GarbageWish): Promise<readonly Collected[]> {
  if (wish.orphans && wish.engine === undefined) {
    throw new DoctorError('USAGE', '--orphans removes objects by their labels, and no engine is named.', {
      hint: 'ipvlan-doctor gc --engine unix:///var/run/docker.sock --orphans',
    });
  }
  if (!wish.dryRun) await sweepLabs();
  const { journals, damaged } = readJournals();
  const chosen = journals.filter((one) => isWanted(one, wish));
  const broken = damaged.filter(({ run }) => wish.run === undefined || belongsTo(run, wish.run));
  refuseLive(chosen, wish);
  if (wish.run !== undefined && chosen.length === 0 && broken.length === 0)
    throw new DoctorError('NOT_FOUND', `No run ${wish.run} left anything behind on this machine.`);
  const collected: Collected[] = broken.map(({ run, file, why }) => ({
    ...{ run, engine: undefined, outcome: 'left' as const, undone: [] },
    left: [
      `The journal ${file} cannot be read: ${why.replace(/\.$/, '')}. Look at it, undo what it names, and remove it.`,
    ],
  }));
  for (const journal of chosen.filter(({ writer }) => writer !== 'alive')) collected.push(await finish(journal, wish));
  return wish.orphans ? [...collected, ...(await orphansOn(wish, journals))] : collected;
}

function isWanted({ head }: LeftJournal, { engine, run }: GarbageWish): boolean {
  if (run !== undefined && !belongsTo(head.run, run)) return false;
  return engine === undefined || nameOfAddress(head.engine) === nameOfWish(engine);
}

/** A run that works in several labs has a journal in each: `ID`, `ID-2`, `ID-again`. */
function belongsTo(run: string, wanted: string): boolean {
  return run === wanted || run.startsWith(`${wanted}-`);
}

function nameOfWish(engine: string): string {
  const lab = /^lab(?::(.+))?$/.exec(engine);
  return lab ? `lab:${lab[1] ?? DEFAULT_NAME}` : nameOfAddress(addressOf({ engine, env: process.env }));
}

function refuseLive(chosen: readonly LeftJournal[], { run }: GarbageWish): void {
  const alive = chosen.find(({ writer }) => writer === 'alive');
  if (run === undefined || !alive) return;
  throw new DoctorError('HOST_CONFLICT', `The run ${alive.head.run} is still going on.`, {
    hint: `End it first: process ${alive.head.process.pid}.`,
  });
}

async function finish(journal: LeftJournal, wish: GarbageWish): Promise<Collected> {
  const { run, engine: address, process: writer } = journal.head;
  const about = { run, engine: nameOfAddress(address) };
  const named = wish.run !== undefined;
  if (journal.writer === 'elsewhere' && !named)
    return { ...about, outcome: 'left', undone: [], left: [`It began on ${writer.machine}: ${howTo(run)}`] };
  if (journal.kept && !named && (wish.dryRun || !(await wish.confirm(`${keptOnRequest(journal)} Clean it up?`))))
    return { ...about, outcome: 'kept', undone: [], left: [] };
  if (wish.dryRun) return { ...about, outcome: 'planned', undone: planned(journal), left: [] };
  try {
    await using reached = await reach(journal);
    const { undone, left } = reached.engine ? await cleanUp(reached.engine, journal) : GONE;
    if (left.length === 0) await rm(journal.file, { force: true });
    return { ...about, outcome: left.length === 0 ? 'cleaned up' : 'left', undone, left };
  } catch (error) {
    const hint = error instanceof DoctorError ? error.hint : undefined;
    return { ...about, outcome: 'left', undone: [], left: [[messageOf(error), hint].filter(Boolean).join(' ')] };
  }
}

const GONE = { undone: ['the lab it ran in is gone'], left: [] };

function keptOnRequest({ head: { run, engine, startedAt } }: LeftJournal): string {
  return `The run ${run} of ${startedAt} on ${nameOfAddress(engine)} was kept on request.`;
}

function howTo(run: string): string {
  return `"ipvlan-doctor gc --run ${quote(run)}" cleans it up from here.`;
}

function planned({ head, open }: LeftJournal): readonly string[] {
  return [...open.map(({ what }) => what), `containers and networks with the label ipvlan-doctor.run=${head.run}`];
}

interface Reached extends AsyncDisposable {
  /** Absent when it was a lab that is no longer: everything went with it. */
  readonly engine: Engine | undefined;
}

/** @throws DoctorError `ENGINE_UNREACHABLE` when another engine answers there */
async function reach({ head }: LeftJournal): Promise<Reached> {
  const engine = await engineAt(head.engine);
  const disposable = { engine, [Symbol.asyncDispose]: () => Promise.resolve(engine?.disconnect()) };
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

async function cleanUp(engine: Engine, journal: LeftJournal): Promise<Pick<Collected, 'undone' | 'left'>> {
  const { run } = journal.head;
  const own = `gc-${run}`;
  const remove = async () =>
    (await sweep(engine, { runs: [run, own] })).map(({ object: { kind, name }, why }) => `${kind} ${name}: ${why}`);
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

async function orphansOn(
  { engine: host = '', dryRun }: GarbageWish,
  journals: readonly LeftJournal[],
): Promise<readonly Collected[]> {
  const name = nameOfWish(host);
  const lab = /^lab:(.+)$/.exec(name)?.[1];
  const env = lab === undefined ? process.env : (await findLab(lab))?.env;
  if (!env) throw new DoctorError('USAGE', `No lab called ${lab} is up.`);
  const engine = await connectEngine(resolveEndpoint({ engine: lab === undefined ? host : undefined, env }));
  try {
    return await collectOrphans(engine, { dryRun, known: journals.flatMap(({ head: { run } }) => [run, `gc-${run}`]) });
  } finally {
    engine.disconnect();
  }
}

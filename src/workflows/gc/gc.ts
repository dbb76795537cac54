import { addressOf, nameOfAddress } from '../../engine/address.js';
import { connectEngine } from '../../engine/connect.js';
import { resolveEndpoint } from '../../engine/endpoint.js';
import { DoctorError } from '../../errors.js';
import { DEFAULT_NAME, findLab, removeEndedLabs } from '../../lab/lab.js';
import { quote } from '../../shell.js';
import { readJournals, type DamagedJournal, type LeftJournal } from '../../topology/left-journals.js';
import { cleanUpAfter } from './clean-up.js';
import { collectOrphans, type CleanedUpRun } from './orphans.js';

export type { CleanedUpRun } from './orphans.js';

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
 * Cleans up after interrupted runs: undoes journalled changes to hosts, and removes what carries their labels. Touches no run whose
 * process lives.
 *
 * @throws DoctorError `USAGE` for orphans without an engine, `NOT_FOUND` when the named run left nothing here,
 *   `HOST_CONFLICT` while it is still going on
 */
export async function collectGarbage(wish: GarbageWish): Promise<readonly CleanedUpRun[]> {
  if (wish.orphans && wish.engine === undefined) {
    throw new DoctorError('USAGE', '--orphans removes objects by their labels, and no engine is named.', {
      hint: 'ipvlan-doctor gc --engine unix:///var/run/docker.sock --orphans',
    });
  }
  if (!wish.dryRun) await removeEndedLabs();
  const { journals, damaged } = readJournals();
  const chosen = journals.filter((one) => isWanted(one, wish));
  const broken = damaged.filter(({ run }) => wish.run === undefined || belongsTo(run, wish.run));
  refuseLive(chosen, wish);
  if (wish.run !== undefined && chosen.length === 0 && broken.length === 0)
    throw new DoctorError('NOT_FOUND', `No run ${wish.run} left anything on this machine.`);
  const collected = broken.map(unreadable);
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

/** What is said of a run whose journal is damaged. */
function unreadable({ run, file, why }: DamagedJournal): CleanedUpRun {
  const reason = why.replace(/\.$/, '');
  return {
    run,
    engine: undefined,
    outcome: 'left',
    undone: [],
    left: [`The journal ${file} cannot be read: ${reason}. Look at it, undo what it names, and remove it.`],
  };
}

function refuseLive(chosen: readonly LeftJournal[], { run }: GarbageWish): void {
  const alive = chosen.find(({ writer }) => writer === 'alive');
  if (run === undefined || !alive) return;
  throw new DoctorError('HOST_CONFLICT', `The run ${alive.head.run} is still going on.`, {
    hint: `End it first: process ${alive.head.process.pid}.`,
  });
}

/** Cleans up after one run, unless the user has to decide first or only wants to know. */
async function finish(journal: LeftJournal, wish: GarbageWish): Promise<CleanedUpRun> {
  const { run, engine } = journal.head;
  const about = { run, engine: nameOfAddress(engine) };
  const nothing = { ...about, undone: [], left: [] };
  if (wish.run === undefined) {
    if (journal.writer === 'elsewhere') return { ...nothing, outcome: 'left', left: [begunElsewhere(journal)] };
    if (journal.kept && !(await mayCleanUp(journal, wish))) return { ...nothing, outcome: 'kept' };
  }
  if (wish.dryRun) return { ...nothing, outcome: 'planned', undone: planned(journal) };
  return { ...about, ...(await cleanUpAfter(journal)) };
}

function begunElsewhere({ head: { run, process: writer } }: LeftJournal): string {
  return `It began on ${writer.machine}: "ipvlan-doctor gc --run ${quote(run)}" cleans it up from here.`;
}

/** A run that was kept on request is cleaned up only when the user says so. */
async function mayCleanUp({ head }: LeftJournal, { dryRun, confirm }: GarbageWish): Promise<boolean> {
  const { run, engine, startedAt } = head;
  const kept = `The run ${run} of ${startedAt} on ${nameOfAddress(engine)} was kept on request.`;
  return !dryRun && (await confirm(`${kept} Clean it up?`));
}

function planned({ head, open }: LeftJournal): readonly string[] {
  return [...open.map(({ what }) => what), `containers and networks with the label ipvlan-doctor.run=${head.run}`];
}

async function orphansOn(
  { engine: host = '', dryRun }: GarbageWish,
  journals: readonly LeftJournal[],
): Promise<readonly CleanedUpRun[]> {
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

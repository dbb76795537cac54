import { removeOwned } from '../engine/remove-owned.js';
import { messageOf } from '../errors.js';
import { thisProcess } from '../process-identity.js';
import { Journal } from '../topology/journal.js';
import type { ChosenEngine } from './engine/chosen-engine.js';

/** What a run works on. */
type Worked = Pick<ChosenEngine, 'engine' | 'address'>;

/**
 * Begins the journal of a run on an engine.
 *
 * @throws DoctorError as {@link Journal.begin}
 */
export function openJournal({ engine, address }: Worked, run: string): Journal {
  const startedAt = new Date().toISOString();
  return Journal.begin({ run, process: thisProcess(), engine: address, engineId: engine.id, startedAt });
}

/**
 * Removes a run's journal when nothing of the run is left: neither an object on the engine, nor a change to the host that the
 * journal still names. Otherwise `left` says what is left, and the journal stays for `gc`.
 *
 * @param left receives one sentence for each thing that is still there
 */
export async function closeJournal(
  journal: Journal,
  { engine }: Pick<Worked, 'engine'>,
  { run, left }: { readonly run: string; readonly left: string[] },
): Promise<void> {
  left.push(...(await leftOnEngine(engine, run)));
  if (left.length === 0) left.push(...journal.open.map((what) => `${what}: it was not undone`));
  if (left.length === 0) journal.end();
}

/** Objects that a request made whose answer never came have no cleanup of their own: their labels name them. */
async function leftOnEngine(engine: Worked['engine'], run: string): Promise<readonly string[]> {
  try {
    const left = await removeOwned(engine, { runs: [run] });
    return left.map(({ object: { kind, name }, why }) => `${kind} ${name}: ${why}`);
  } catch (error) {
    return [`Whether objects of the run ${run} are left is not known: ${messageOf(error)}`];
  }
}

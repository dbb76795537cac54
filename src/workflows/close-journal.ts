import type { Engine } from '../engine/engine.js';
import { sweep } from '../engine/sweep.js';
import { messageOf } from '../errors.js';
import type { Journal } from '../topology/journal.js';

/** What a run worked on, when it ends. */
interface Ending {
  readonly engine: Engine;
  readonly run: string;
  /** Receives one sentence for each thing that is still there. */
  readonly left: string[];
}

/**
 * Removes a run's journal when nothing of the run is left: neither on the engine, nor a change to the host that the journal
 * still names. However the run ended, what is left is told, and the journal stays for `gc`.
 */
export async function closeJournal(journal: Journal, { engine, run, left }: Ending): Promise<void> {
  left.push(...(await leftOnEngine(engine, run)));
  if (left.length === 0) left.push(...journal.open.map((what) => `${what}: it was not undone`));
  if (left.length === 0) journal.end();
}

/** Objects that a request made whose answer never came have no cleanup of their own: their labels name them. */
async function leftOnEngine(engine: Engine, run: string): Promise<readonly string[]> {
  try {
    const left = await sweep(engine, { runs: [run] });
    return left.map(({ object: { kind, name }, why }) => `${kind} ${name}: ${why}`);
  } catch (error) {
    return [`Whether objects of the run ${run} are left is not known: ${messageOf(error)}`];
  }
}

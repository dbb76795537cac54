import { setTimeout as wait } from 'node:timers/promises';
import type { Shell } from '../engine/engine.js';
import { messageOf } from '../errors.js';
import { changeBetween, linesOf, readHostState, stillChanged, type HostState } from './host-state.js';
import type { LeftJournal, OpenEntry } from './left-journals.js';

/** What became of the changes that a journal names. */
export interface UndoneLeft {
  /** What is no longer there, one phrase each. */
  readonly undone: readonly string[];
  /** What is still there, one sentence each. */
  readonly left: readonly string[];
}

/** Longest an undo may take, in milliseconds. */
const PATIENCE_MS = 30_000;

/** The kernel gives a link its routes and addresses back a moment after it is set up: looked at this often, a second apart. */
const LOOKS = 5;

/**
 * Undoes what a run left on the host, newest first, and says of each change whether it is gone. An undo that fails may have had
 * nothing to undo any more, and one that succeeds may have undone nothing: so the host decides, wherever it is known what the
 * change did there.
 *
 * @param shell the host's
 * @param intervalMs how long to wait between two looks at the host, in milliseconds
 */
export async function undoLeft(
  shell: Shell,
  { open, before }: Pick<LeftJournal, 'open' | 'before'>,
  intervalMs = 1000,
): Promise<UndoneLeft> {
  if (open.length === 0) return { undone: [], left: [] };
  const first = await readHostState(shell);
  const ended: UndoResult[] = [];
  for (const entry of open) ended.push({ entry, ...(await attempted(shell, entry.undo)) });
  for (let looks = 1; ; looks++) {
    const host = { before, first, now: await readHostState(shell) };
    const judged = ended.map((one) => ({ what: one.entry.what, why: whyLeft(one, host) }));
    const left = judged.flatMap(({ what, why }) => (why === undefined ? [] : [`${what}: ${why}`]));
    if (left.length === 0 || looks === LOOKS)
      return { undone: judged.flatMap(({ what, why }) => (why === undefined ? [what] : [])), left };
    await wait(intervalMs);
  }
}

/** An undo that has run. */
export interface UndoResult {
  readonly entry: OpenEntry;
  readonly exitCode: number;
  /** What it said went wrong. */
  readonly said: string;
}

async function attempted(shell: Shell, undo: string): Promise<Omit<UndoResult, 'entry'>> {
  try {
    const { exitCode, stderr } = await shell.run(undo, { timeoutMs: PATIENCE_MS });
    return { exitCode, said: stderr.trim() || `the undo ended with exit code ${exitCode}` };
  } catch (error) {
    return { exitCode: 255, said: messageOf(error) };
  }
}

/** The host before the run, before anything was undone now, and after. */
interface Hosts {
  readonly before: HostState | undefined;
  readonly first: HostState;
  readonly now: HostState;
}

/** Why a change counts as still there; `undefined` when it is gone. Pure. */
export function whyLeft({ entry, exitCode, said }: UndoResult, { before, first, now }: Hosts): string | undefined {
  const failed = exitCode === 0 ? undefined : said;
  const { change, checked } = entry;
  if (checked) return failed;
  if (change) {
    const still = stillChanged(change, now, before);
    if (still.length > 0) return [shown(still), failed].filter(Boolean).join(' ');
    const visible = linesOf(change).length > 0;
    return visible || NOTHING_THERE.test(said) ? undefined : failed;
  }
  // The run was killed before it noted what the change did: only the whole host can tell.
  if (!before) return failed;
  const differs = linesOf(changeBetween(before, now));
  if (differs.length === 0) return undefined;
  if (failed !== undefined) return NOTHING_THERE.test(said) ? undefined : `${shown(differs)} ${failed}`;
  const moved = linesOf(changeBetween(first, now));
  return moved.length === 0 ? `${shown(differs)} The undo changed nothing.` : undefined;
}

/** What iproute2 says of a link that went with the site. */
const NOTHING_THERE = /^Cannot find device "[^"]*"$/;

/** A few lines of a difference tell what it is about. */
function shown(lines: readonly string[]): string {
  const more = lines.length > 3 ? `; and ${lines.length - 3} more` : '';
  return `the host still differs (${lines.slice(0, 3).join('; ')}${more}).`;
}

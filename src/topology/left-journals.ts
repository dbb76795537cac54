import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { messageOf } from '../errors.js';
import { rejectForeign } from '../own-directory.js';
import { stateOf, type ProcessState } from '../process-identity.js';
import type { HostChange, HostState } from './host-state.js';
import { ELSEWHERE, journalDirectory, type JournalEntry, type JournalHead } from './journal.js';

/** A change that was never undone. */
export interface OpenEntry extends JournalEntry {
  /** What it did to the host; absent when the run ended before it knew. */
  readonly change: HostChange | undefined;
}

/** A journal left behind, with the changes in it that were never undone. */
export interface LeftJournal {
  readonly head: JournalHead;
  readonly file: string;
  /** Newest first: the order to undo them in. */
  readonly open: readonly OpenEntry[];
  /** What the host was set to before the run; absent when the run ended before it knew. */
  readonly before: HostState | undefined;
  /** Whether it was kept on request. */
  readonly kept: boolean;
  /** Whether the process that writes it still lives. */
  readonly writer: ProcessState;
}

/** A file among the journals that cannot be used as one. */
export interface DamagedJournal {
  readonly file: string;
  /** The run it is named after. */
  readonly run: string;
  /** Why, as the end of a sentence. */
  readonly why: string;
}

const TEXT = z.string();
const LINES = z.array(TEXT);
const ADDRESS = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('lab'), name: TEXT, startedAt: TEXT }),
  z.object({
    kind: z.literal('endpoint'),
    name: TEXT,
    engine: TEXT.optional(),
    context: TEXT.optional(),
    env: z.record(TEXT, TEXT),
  }),
]);
const HEAD = z.object({
  run: TEXT.min(1),
  process: z.object({ machine: TEXT, pid: z.int().positive(), started: TEXT.optional() }),
  engine: ADDRESS,
  engineId: TEXT.optional(),
  startedAt: TEXT,
});
const LINE = z.union([
  z.strictObject({ id: z.int(), what: TEXT, undo: TEXT, checked: z.literal(true).optional() }),
  z.strictObject({ changed: z.int(), added: LINES, removed: LINES }),
  z.strictObject({ done: z.int() }),
  z.strictObject({ host: LINES }),
  z.strictObject({ kept: z.literal(true) }),
]);
type Line = z.infer<typeof LINE>;

/**
 * Journals that runs left on this machine, those still being written included. A last line that a crash cut short is passed
 * over: nothing was changed before it was whole. Another one that cannot be read is reported, and the others are still read.
 *
 * @throws DoctorError `REQUIREMENT_MISSING` when another user could have written one: its scripts would run on the host
 */
export function readJournals(directory = journalDirectory()): {
  readonly journals: readonly LeftJournal[];
  readonly damaged: readonly DamagedJournal[];
} {
  rejectForeign(directory, ELSEWHERE);
  const journals: LeftJournal[] = [];
  const damaged: DamagedJournal[] = [];
  for (const name of journalFiles(directory)) {
    const file = join(directory, name);
    try {
      journals.push(readJournal(file));
    } catch (error) {
      const why = error instanceof z.ZodError ? z.prettifyError(error).replace(/\s+/g, ' ') : messageOf(error);
      damaged.push({ file, run: basename(name, SUFFIX), why });
    }
  }
  return { journals, damaged };
}

const SUFFIX = '.jsonl';

function journalFiles(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith(SUFFIX))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []; // Nothing was ever journalled here.
    throw error;
  }
}

function readJournal(file: string): LeftJournal {
  const [first = '', ...others] = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  const head = HEAD.parse(parsed(first, 1));
  const lines = others.map((line, at) => LINE.parse(parsed(line, at + 2)));
  const closed = new Set(lines.flatMap((line) => ('done' in line ? [line.done] : [])));
  const changes = new Map(lines.flatMap((line) => ('changed' in line ? [[line.changed, line] as const] : [])));
  const host = lines.find((line): line is Extract<Line, { host: unknown }> => 'host' in line)?.host;
  return {
    ...{ head, file, writer: stateOf(head.process), kept: lines.some((line) => 'kept' in line) },
    before: host && new Set(host),
    open: lines
      .filter((line): line is Extract<Line, { undo: unknown }> => 'undo' in line && !closed.has(line.id))
      .map((entry) => ({ ...entry, change: changes.get(entry.id) }))
      .reverse(),
  };
}

function parsed(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new Error(`line ${number} is no JSON (${messageOf(error)})`, { cause: error });
  }
}

import { appendFileSync, closeSync, fsyncSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { HostChange } from './host-state.js';
import { DoctorError, messageOf } from '../errors.js';
import { ownDirectory, refuseForeign, stateDirectory } from '../own-directory.js';

/** The first line of a journal: whose it is and how to get back to where the changes were made. */
export interface JournalHead {
  readonly run: string;
  readonly pid: number;
  /** How the engine was asked for, in the form `--engine` takes; empty for the default one. */
  readonly engine: string;
  readonly context: string | undefined;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
}

/** One change to the host that was about to be made, and the script that takes it back. */
export interface JournalEntry {
  readonly id: number;
  readonly what: string;
  readonly undo: string;
}

/** A journal left behind, with what in it was never taken back. */
export interface LeftJournal {
  readonly head: JournalHead;
  readonly file: string;
  /** Newest first: the order to undo them in. */
  readonly open: readonly JournalEntry[];
  /** Whether the run that writes it still lives. */
  readonly alive: boolean;
}

/**
 * Every change to a host is written here, and on disk, **before** it is made. Docker objects need no entry: their labels
 * say whose they are. What happens in our own containers' namespaces goes with the containers.
 */
export class Journal {
  readonly file: string;
  #next = 1;
  readonly #open = new Map<number, string>();

  private constructor(file: string) {
    this.file = file;
  }

  /**
   * @throws DoctorError `OUTPUT_UNWRITABLE` when the state directory cannot be written, `REQUIREMENT_MISSING` when others can
   *   write in it: then nothing may be changed
   */
  static begin(head: JournalHead, directory = journalDirectory()): Journal {
    const journal = new Journal(join(directory, `${head.run}.jsonl`));
    ownDirectory(directory, ELSEWHERE);
    try {
      journal.#write(head);
    } catch (error) {
      throw new DoctorError(
        'OUTPUT_UNWRITABLE',
        `The journal ${journal.file} cannot be written: ${messageOf(error)}.`,
        {
          hint: ELSEWHERE,
          cause: error,
        },
      );
    }
    return journal;
  }

  /** Notes a change that is about to be made; returns the id to close it with. */
  note(what: string, undo: string): number {
    const id = this.#next++;
    this.#write({ id, what, undo } satisfies JournalEntry);
    this.#open.set(id, what);
    return id;
  }

  /** The change was taken back. */
  done(id: number): void {
    this.#write({ done: id });
    this.#open.delete(id);
  }

  /** What a noted change did to the host, once it is made. */
  changed(id: number, { added, removed }: HostChange): void {
    this.#write({ id, added, removed });
  }

  /** Changes that were not taken back, one phrase each. */
  get open(): readonly string[] {
    return [...this.#open.values()];
  }

  /** The run left nothing behind. */
  end(): void {
    rmSync(this.file, { force: true });
  }

  #write(line: object): void {
    const descriptor = openSync(this.file, 'a', 0o600);
    try {
      appendFileSync(descriptor, `${JSON.stringify(line)}\n`);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }
}

const ELSEWHERE =
  'Without a journal a killed run could not be cleaned up. Set IPVLAN_DOCTOR_STATE to a directory only you can write.';

/** `IPVLAN_DOCTOR_STATE`, else the XDG state directory. */
export function journalDirectory(env: NodeJS.ProcessEnv = process.env): string {
  return join(stateDirectory(env), 'journal');
}

/**
 * Journals that runs left on this machine, those still being written included. A line cut short by a crash is passed over.
 *
 * @throws DoctorError `REQUIREMENT_MISSING` when another user could have written one: its scripts would run on the host
 */
export function readJournals(directory = journalDirectory()): readonly LeftJournal[] {
  refuseForeign(directory, ELSEWHERE);
  return journalFiles(directory).flatMap((name) => {
    const file = join(directory, name);
    const lines = readFileSync(file, 'utf8').split('\n').flatMap(parseLine);
    const head = lines.find((line): line is JournalHead => 'run' in line);
    if (!head) return [];
    const closed = new Set(lines.flatMap((line) => ('done' in line ? [line.done] : [])));
    const open = lines.filter((line): line is JournalEntry => 'undo' in line && !closed.has(line.id)).reverse();
    return [{ head, file, open, alive: isAlive(head.pid) }];
  });
}

function journalFiles(directory: string): string[] {
  try {
    return readdirSync(directory).filter((name) => name.endsWith('.jsonl'));
  } catch {
    return []; // Nothing was ever journalled here.
  }
}

function parseLine(line: string): (JournalHead | JournalEntry | { readonly done: number })[] {
  try {
    return [JSON.parse(line) as JournalHead | JournalEntry | { readonly done: number }];
  } catch {
    return [];
  }
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

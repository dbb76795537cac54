import { appendFileSync, closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineAddress } from '../engine/address.js';
import { DoctorError, messageOf } from '../errors.js';
import { ownDirectory, stateDirectory } from '../own-directory.js';
import type { ProcessIdentity } from '../process-identity.js';
import type { HostChange, HostState } from './host-state.js';

/** The first line of a journal: whose it is, and which engine its changes were made on. */
export interface JournalHead {
  readonly run: string;
  /** The process that writes it. */
  readonly process: ProcessIdentity;
  readonly engine: EngineAddress;
  /** The engine's own id; absent where it has none. */
  readonly engineId?: string | undefined;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
}

/** One change to the host that was about to be made, and the script that undoes it. */
export interface JournalEntry {
  readonly id: number;
  readonly what: string;
  readonly undo: string;
  /** Whether the script itself fails when what it removes is still there; absent where the host's state has to tell. */
  readonly checked?: true | undefined;
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
      journal.#create(head);
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

  /** What the host was set to before the run changed anything. */
  before(host: HostState): void {
    this.#write({ host: [...host] });
  }

  /** Notes a change that is about to be made; returns the id to close it with. */
  note(what: string, undo: string, options: Pick<JournalEntry, 'checked'> = {}): number {
    const id = this.#next++;
    this.#write({ id, what, undo, ...options } satisfies JournalEntry);
    this.#open.set(id, what);
    return id;
  }

  /** What a noted change did to the host, once it is made. */
  changed(id: number, { added, removed }: HostChange): void {
    this.#write({ changed: id, added, removed });
  }

  /** The change was undone. */
  done(id: number): void {
    this.#write({ done: id });
    this.#open.delete(id);
  }

  /** Everything that is open stays on request: `gc` undoes it when the run is named. */
  keep(): void {
    this.#write({ kept: true });
  }

  /** Changes that were not undone, one phrase each. */
  get open(): readonly string[] {
    return [...this.#open.values()];
  }

  /** The run left nothing behind. */
  end(): void {
    rmSync(this.file, { force: true });
  }

  /** By rename: a journal without its head would say nothing. */
  #create(head: JournalHead): void {
    const unfinished = `${this.file}.unfinished`;
    writeFileSync(unfinished, `${JSON.stringify(head)}\n`, { mode: 0o600, flush: true });
    renameSync(unfinished, this.file);
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

export const ELSEWHERE =
  'Without a journal a killed run could not be cleaned up. Set IPVLAN_DOCTOR_STATE to a directory only you can write.';

/** `IPVLAN_DOCTOR_STATE`, else the XDG state directory. */
export function journalDirectory(env: NodeJS.ProcessEnv = process.env): string {
  return join(stateDirectory(env), 'journal');
}

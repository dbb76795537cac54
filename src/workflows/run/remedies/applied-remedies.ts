import type { PrintedCommand } from '../../../diagnosis/diagnosis.js';
import { messageOf } from '../../../errors.js';
import type { Cleanup } from '../../../topology/cleanup.js';
import { execute, type CommandEnvironment } from '../../../topology/execute.js';

interface Application {
  readonly commands: readonly PrintedCommand[];
  readonly undo: () => Promise<void>;
}

/** Remedies that are in place, each of which can be undone by itself. The cleanup undoes the rest, the last first. */
export class AppliedRemedies {
  readonly #environment: CommandEnvironment;
  #applications: readonly Application[] = [];

  constructor(environment: CommandEnvironment, what: string, cleanup: Cleanup) {
    this.#environment = environment;
    cleanup.defer(`undo the remedies of ${what}`, () => this.#undoAll());
  }

  /** Those of some commands that are not in place. */
  missing(commands: readonly PrintedCommand[]): readonly PrintedCommand[] {
    return commands.filter((command) => !this.#applications.some((one) => holds(one, [command])));
  }

  /** @throws DoctorError `SCENARIO_INVALID` naming the command that failed; what came before it is undone */
  async apply(commands: readonly PrintedCommand[]): Promise<void> {
    const missing = this.missing(commands);
    if (missing.length === 0) return;
    const undo = await execute(this.#environment, missing);
    this.#applications = [...this.#applications, { commands: missing, undo }];
  }

  /**
   * Undoes the applications that hold any of some commands, and so also what was applied along with them.
   *
   * @returns all commands that were undone, to be applied again
   * @throws DoctorError `CLEANUP_INCOMPLETE`; it then counts as in place
   */
  async undo(commands: readonly PrintedCommand[]): Promise<readonly PrintedCommand[]> {
    const back = this.#applications.filter((one) => holds(one, commands));
    for (const one of back.toReversed()) {
      await one.undo();
      this.#applications = this.#applications.filter((other) => other !== one);
    }
    return back.flatMap((one) => one.commands);
  }

  async #undoAll(): Promise<void> {
    const failures: string[] = [];
    for (const { undo } of this.#applications.toReversed()) {
      await undo().catch((error: unknown) => failures.push(messageOf(error)));
    }
    this.#applications = [];
    if (failures.length > 0) throw new Error(failures.join('; '));
  }
}

function holds({ commands }: Application, wanted: readonly PrintedCommand[]): boolean {
  return commands.some((one) => wanted.some(({ on, run }) => one.on === on && one.run === run));
}

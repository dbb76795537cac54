import { DoctorError } from '../errors.js';
import type { Shell } from '../engine/engine.js';
import type { Journal } from './journal.js';
import type { LiveNode } from './node.js';
import { commandLine, quote } from '../shell.js';
import { changeBetween, parseHostState, READ_HOST_STATE, stillChanged, type HostChange } from './host-state.js';

/** A command on a node, and its undo: of a fault, of a remedy or of a free-form scenario. */
export interface NodeCommand {
  readonly on: string;
  readonly run: string;
  /** Absent where nothing needs to, or can, be undone. */
  readonly undo: string | undefined;
}

/** What commands run on and are journalled in. */
export interface CommandEnvironment {
  readonly shell: Shell;
  readonly nodes: readonly LiveNode[];
  readonly journal: Journal;
}

/** Longest a batch of commands may take before it counts as hung, in milliseconds. */
const PATIENCE_MS = 30_000;

/**
 * Runs commands on their nodes, in order, in one exec; the first that fails stops the rest. What changes the host is
 * journalled before it is made, and what it changed there after it.
 *
 * @returns undoes everything, last first; a step that fails does not stop the others
 * @throws DoctorError `SCENARIO_INVALID` naming the command that failed and what it said; what came before it is undone.
 *   `ENGINE_REFUSED` when a node does not run, and then no command was run
 */
export async function execute(
  environment: CommandEnvironment,
  commands: readonly NodeCommand[],
): Promise<() => Promise<void>> {
  if (commands.length === 0) return () => Promise.resolve();
  const undo = commands.flatMap((command) => (command.undo ? [{ ...command, run: command.undo }] : [])).reverse();
  const undoAll = undoing(environment, undo);
  const run = script(environment, commands, 'stop');
  const onHost = undo.filter((command) => isHost(environment, command));
  if (onHost.length === 0) return afterRunning(environment, commands, { run, undoAll: () => undoAll(undefined) });
  const what = onHost.map((command) => command.run).join('; ');
  const entry = environment.journal.note(what, script(environment, onHost, 'go on'));
  let change: HostChange | undefined;
  return afterRunning(environment, commands, {
    run: `${READ_HOST_STATE}\necho '${BETWEEN}'\n( ${run}\n) >/dev/null; code=$?\n${READ_HOST_STATE}\nexit $code`,
    ran(stdout) {
      const [before, after] = stdout.split(`${BETWEEN}\n`).map(parseHostState);
      change = before && after && changeBetween(before, after);
      if (change) environment.journal.changed(entry, change);
    },
    async undoAll() {
      await undoAll(change);
      environment.journal.done(entry);
    },
  });
}

/** Separates the state of the host before the commands from the state after them. */
const BETWEEN = '=== ipvlan-doctor between';

interface Running {
  readonly run: string;
  /** Called with what was printed, however the commands ended. */
  readonly ran?: (stdout: string) => void;
  readonly undoAll: () => Promise<void>;
}

async function afterRunning(
  { shell }: CommandEnvironment,
  commands: readonly NodeCommand[],
  { run, ran, undoAll }: Running,
): Promise<() => Promise<void>> {
  try {
    const { exitCode, stdout, stderr } = await shell.run(run, { timeoutMs: PATIENCE_MS });
    ran?.(stdout.toString());
    if (exitCode !== 0) throw failure(commands, exitCode, stderr);
    return undoAll;
  } catch (error) {
    // What was never changed cannot be undone. What the journal still names afterwards is reported as left over.
    await undoAll().catch(() => undefined);
    throw error;
  }
}

/** Where a step fails, the state of the host decides whether anything is left of what the commands changed there. */
function undoing(
  environment: CommandEnvironment,
  undo: readonly NodeCommand[],
): (change: HostChange | undefined) => Promise<void> {
  const onHost = undo.every((command) => isHost(environment, command));
  const back = script(environment, undo, 'go on');
  return async (change) => {
    const run = change && onHost ? `( ${back}\n) >/dev/null && exit\n${READ_HOST_STATE}\nexit 1` : back;
    const { exitCode, stdout, stderr } = await environment.shell.run(run, { timeoutMs: PATIENCE_MS });
    if (exitCode === 0) return;
    const left = change && onHost ? stillChanged(change, parseHostState(stdout.toString())) : undefined;
    if (left?.length === 0) return;
    const what = left ? ` (${left.join('; ')})` : '';
    throw new DoctorError('CLEANUP_INCOMPLETE', `undoing said: ${stderr.trim()}${what}`);
  };
}

function failure(commands: readonly NodeCommand[], exitCode: number, stderr: string): DoctorError {
  const failed = commands[exitCode - FIRST_FAILURE];
  const where = failed ? `"${failed.run}" on ${failed.on}` : 'A command';
  return new DoctorError('SCENARIO_INVALID', `${where} failed: ${stderr.trim() || `exit code ${exitCode}`}`, {
    hint: 'Commands run after the topology was created without faults. Compare the names in the command with those of the scenario.',
  });
}

/** Exit codes from here on say which command failed. */
const FIRST_FAILURE = 100;

function script(
  environment: CommandEnvironment,
  commands: readonly NodeCommand[],
  onFailure: 'stop' | 'go on',
): string {
  const lines = commands.map((command, index) => {
    const line = `${commandLine([...enter(environment, command.on), 'sh', '-c'])} ${quote(command.run)}`;
    return onFailure === 'stop' ? `${line} || exit ${Math.min(FIRST_FAILURE + index, 255)}` : `${line} || failed=1`;
  });
  return [...lines, onFailure === 'stop' ? 'exit 0' : 'exit ${failed:-0}'].join('\n');
}

function enter(environment: CommandEnvironment, name: string): readonly string[] {
  const node = environment.nodes.find((candidate) => candidate.name === name);
  if (node) return node.enter;
  throw new DoctorError('ENGINE_REFUSED', `No command can run on ${name}, because it is not running.`, {
    hint: 'Docker rejected it, or it ended by itself: run the scenario without the fault to see what Docker says.',
  });
}

function isHost(environment: CommandEnvironment, { on }: NodeCommand): boolean {
  return environment.nodes.some(({ name, kind }) => name === on && kind === 'host');
}

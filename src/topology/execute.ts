import { DoctorError } from '../errors.js';
import type { Shell } from '../engine/engine.js';
import type { Journal } from './journal.js';
import type { LiveNode } from './node.js';
import { commandLine, quote } from '../shell.js';
import { changeBetween, parseHostState, READ_HOST_STATE, stillChanged, type HostChange } from './host-state.js';

/** A command on a node, and what takes it back: a fault's, a remedy's or a stranger's. */
export interface NodeCommand {
  readonly on: string;
  readonly run: string;
  /** Absent where nothing needs to, or can, be taken back. */
  readonly undo: string | undefined;
}

/** What commands run on and are journalled in. */
export interface Bench {
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
 * @returns how to take everything back, last first; a step that fails does not stop the others
 * @throws DoctorError `SCENARIO_INVALID` naming the command that failed and what it said; what came before it is undone.
 *   `ENGINE_REFUSED` when a node does not stand, and then nothing was run
 */
export async function execute(bench: Bench, commands: readonly NodeCommand[]): Promise<() => Promise<void>> {
  if (commands.length === 0) return () => Promise.resolve();
  const undo = commands.flatMap((command) => (command.undo ? [{ ...command, run: command.undo }] : [])).reverse();
  const takeBack = undoing(bench, undo);
  const run = script(bench, commands, 'stop');
  const onHost = undo.filter((command) => isHost(bench, command));
  if (onHost.length === 0) return afterRunning(bench, commands, { run, takeBack: () => takeBack(undefined) });
  const what = onHost.map((command) => command.run).join('; ');
  const entry = bench.journal.note(what, script(bench, onHost, 'go on'));
  let change: HostChange | undefined;
  return afterRunning(bench, commands, {
    run: `${READ_HOST_STATE}\necho '${BETWEEN}'\n( ${run}\n) >/dev/null; code=$?\n${READ_HOST_STATE}\nexit $code`,
    ran(stdout) {
      const [before, after] = stdout.split(`${BETWEEN}\n`).map(parseHostState);
      change = before && after && changeBetween(before, after);
      if (change) bench.journal.changed(entry, change);
    },
    async takeBack() {
      await takeBack(change);
      bench.journal.done(entry);
    },
  });
}

/** Stands between the state of the host before the commands and after them. */
const BETWEEN = '=== ipvlan-doctor between';

interface Running {
  readonly run: string;
  /** Called with what was printed, however the commands ended. */
  readonly ran?: (stdout: string) => void;
  readonly takeBack: () => Promise<void>;
}

async function afterRunning(
  { shell }: Bench,
  commands: readonly NodeCommand[],
  { run, ran, takeBack }: Running,
): Promise<() => Promise<void>> {
  try {
    const { exitCode, stdout, stderr } = await shell.run(run, { timeoutMs: PATIENCE_MS });
    ran?.(stdout.toString());
    if (exitCode !== 0) throw failure(commands, exitCode, stderr);
    return takeBack;
  } catch (error) {
    // What was never made cannot be undone; what the journal still names afterwards is told as left.
    await takeBack().catch(() => undefined);
    throw error;
  }
}

/** Undoes. Where a step fails, the host decides whether anything is left of what the commands changed there. */
function undoing(bench: Bench, undo: readonly NodeCommand[]): (change: HostChange | undefined) => Promise<void> {
  const onHost = undo.every((command) => isHost(bench, command));
  const back = script(bench, undo, 'go on');
  return async (change) => {
    const run = change && onHost ? `( ${back}\n) >/dev/null && exit\n${READ_HOST_STATE}\nexit 1` : back;
    const { exitCode, stdout, stderr } = await bench.shell.run(run, { timeoutMs: PATIENCE_MS });
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
    hint: 'Commands run after the topology stands and is healthy; check it against the names in "ipvlan-doctor explain" and the scenario format.',
  });
}

/** Exit codes from here on say which command failed. */
const FIRST_FAILURE = 100;

function script(bench: Bench, commands: readonly NodeCommand[], onFailure: 'stop' | 'go on'): string {
  const lines = commands.map((command, index) => {
    const line = `${commandLine([...enter(bench, command.on), 'sh', '-c'])} ${quote(command.run)}`;
    return onFailure === 'stop' ? `${line} || exit ${Math.min(FIRST_FAILURE + index, 255)}` : `${line} || failed=1`;
  });
  return [...lines, onFailure === 'stop' ? 'exit 0' : 'exit ${failed:-0}'].join('\n');
}

function enter(bench: Bench, name: string): readonly string[] {
  const node = bench.nodes.find((candidate) => candidate.name === name);
  if (node) return node.enter;
  throw new DoctorError('ENGINE_REFUSED', `Nothing can be run on ${name}, which does not stand.`, {
    hint: 'Docker refused it, or it ended by itself: without the fault the scenario shows what Docker says.',
  });
}

function isHost(bench: Bench, { on }: NodeCommand): boolean {
  return bench.nodes.some(({ name, kind }) => name === on && kind === 'host');
}

import type { ShellCommand } from '../shell.js';

/** A command to paste, as a cause makes it: see {@link on}. */
export interface Command {
  /** Node it belongs on: `host`, `gateway`, a peer's or a container's name. `docker` is the shell Docker is driven from; `switch`, `hypervisor` and `cloud` are their consoles. */
  readonly on: string;
  readonly run: ShellCommand;
  /** Undoes `run`; absent where that is impossible, or not needed. */
  readonly undo: ShellCommand | undefined;
}

export function on(node: string, run: ShellCommand, undo?: ShellCommand): Command {
  return { on: node, run, undo };
}

/** Each command once, at its first place: for what is to be run on one node. */
export function distinctRuns(runs: readonly ShellCommand[]): readonly ShellCommand[] {
  return runs.filter((one, at) => runs.findIndex((other) => one.equals(other)) === at);
}

import type { ShellCommand } from '../shell.js';

/** A command to paste, as a cause makes it: see {@link on}. */
export interface Command {
  /** Node it belongs on: `host`, `gateway`, a peer's or a container's name. `docker` is the shell Docker is driven from; `switch`, `hypervisor` and `cloud` are their consoles. */
  readonly on: string;
  readonly run: ShellCommand;
  /** Takes it back; absent when it cannot be, or need not be. */
  readonly undo: ShellCommand | undefined;
}

export function on(node: string, run: ShellCommand, undo?: ShellCommand): Command {
  return { on: node, run, undo };
}

/** Each command once, at its first place. */
export function distinctCommands(commands: readonly Command[]): readonly Command[] {
  const same = (a: Command, b: Command) => a.on === b.on && a.run.equals(b.run);
  return commands.filter((one, at) => commands.findIndex((other) => same(one, other)) === at);
}

/** The same for what is to be run in one place. */
export function distinctRuns(runs: readonly ShellCommand[]): readonly ShellCommand[] {
  return runs.filter((one, at) => runs.findIndex((other) => one.equals(other)) === at);
}

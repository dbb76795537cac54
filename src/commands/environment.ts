import type { Command } from 'commander';

/** Whether a variable of the environment says yes: it is set, and to none of `0`, `false`, `no`, `off` or nothing. */
export function saysYes(value: string | undefined): boolean {
  return value !== undefined && !/^\s*(?:0|false|no|off)?\s*$/i.test(value);
}

/**
 * Makes a command ignore variables that do not give its flags. By itself, commander takes a switch as given when its variable is
 * set to any text.
 */
export function readEnvironment(command: Command, env: NodeJS.ProcessEnv): void {
  for (const option of command.options) {
    const value = option.envVar === undefined ? undefined : env[option.envVar];
    const given = option.required || option.optional ? value !== '' : saysYes(value);
    if (!given && value !== undefined) delete option.envVar;
  }
}

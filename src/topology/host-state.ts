import type { ExecOptions, Shell } from '../engine/engine.js';
import { parseState } from './state-lines.js';
import { stateScript } from './state.js';

/**
 * What a host is set to, one line for each setting: links, addresses, rules, routes, permanent neighbours, packet filters,
 * queues, sysctls of the network. Without what counts, ages or is learned, so that two states can be compared.
 */
export type HostState = ReadonlySet<string>;

/** What a change did to a host. */
export interface HostChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

const HOST = [{ name: 'host', kind: 'host', enter: [] }] as const;

/** Shell that prints the state of the host on standard output, for {@link parseHostState}. */
export const READ_HOST_STATE = stateScript(HOST);

/** Reads the state of the host in one exec. */
export async function readHostState(shell: Shell, options: Omit<ExecOptions, 'stdin'> = {}): Promise<HostState> {
  const { stdout } = await shell.run(READ_HOST_STATE, { timeoutMs: 30_000, ...options });
  return parseHostState(stdout.toString());
}

/** Pure. */
export function parseHostState(text: string): HostState {
  const sections = parseState(text, ['host']).get('host') ?? new Map<string, readonly string[]>();
  const settings = [...sections].flatMap(([name, lines]) => lines.map((line) => `${name} ${line}`));
  const seen = new Map<string, number>();
  return new Set(
    settings.map((setting) => {
      const times = (seen.get(setting) ?? 0) + 1;
      seen.set(setting, times);
      // A rule that is there twice is not the same as one that is there once.
      return times === 1 ? setting : `${setting} (${times})`;
    }),
  );
}

export function changeBetween(before: HostState, after: HostState): HostChange {
  return {
    added: [...after].filter((line) => !before.has(line)),
    removed: [...before].filter((line) => !after.has(line)),
  };
}

/**
 * What of a change is there still, as one line for each setting, `+` for what it added.
 *
 * @param target the state before anything was changed, where it is known: what was removed from something that was itself
 *   added later need not come back
 */
export function stillChanged({ added, removed }: HostChange, now: HostState, target?: HostState): readonly string[] {
  return linesOf({
    added: added.filter((line) => now.has(line) && !target?.has(line)),
    removed: removed.filter((line) => !now.has(line) && (target?.has(line) ?? true)),
  });
}

/** A change as one line for each setting, `+` for what it added. */
export function linesOf({ added, removed }: HostChange): readonly string[] {
  return [...added.map((line) => `+ ${line}`), ...removed.map((line) => `- ${line}`)];
}

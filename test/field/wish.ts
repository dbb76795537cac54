/** Which situations are asked for. */
export interface Chosen {
  readonly seed: string;
  readonly numbers: readonly number[];
  /** Whether only what was kept of an earlier time is diagnosed again, without a lab. */
  readonly kept: boolean;
}

/**
 * Reads `N`, `SEED`, `FROM`, `ONLY` and `KEPT`. An empty value counts as absent.
 *
 * @throws Error for a number that is none, or a seed that no file name may hold
 */
export function chosenNumbers(env: Readonly<Record<string, string | undefined>>): Chosen {
  const seed = env['SEED'] ?? '';
  if (!/^[0-9A-Za-z]*$/.test(seed)) throw new Error(`SEED=${seed}: a seed has letters and digits only.`);
  const only = numberOf(env, 'ONLY');
  const from = numberOf(env, 'FROM') ?? 1;
  const last = numberOf(env, 'N') ?? 20;
  const numbers =
    only === undefined ? Array.from({ length: Math.max(0, last - from + 1) }, (_, at) => from + at) : [only];
  return { seed: seed === '' ? '1' : seed, numbers, kept: (env['KEPT'] ?? '') !== '' };
}

function numberOf(env: Readonly<Record<string, string | undefined>>, name: string): number | undefined {
  const text = env[name] ?? '';
  if (text === '') return undefined;
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Error(`${name}=${text}: that is no number from 1 up.`);
  return Number(text);
}

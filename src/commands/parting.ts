import type { Result } from '../report/result.js';

/** The last sentence of a look at what already runs: said only where it is true. */
export function parting({ error, cleanup }: Pick<Result, 'error' | 'cleanup'>): string | undefined {
  if (error !== undefined || cleanup.state !== 'complete') return undefined;
  return 'Nothing was changed on host or container, and no temporary helper container is left there.';
}

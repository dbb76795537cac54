import type { ScenarioResult } from '../../report/result.js';

/** What is kept when a run ends: the first scenario in any case, the first that went wrong, or nothing. */
export const KEEPS = ['always', 'on-failure', 'never'] as const;
export type Keep = (typeof KEEPS)[number];

/** Whether a scenario is to be kept as it is, faults included. One that was never examined left nothing to keep. */
export function isKept(keep: Keep | undefined, { verdict, evidence }: ScenarioResult): boolean {
  if (keep === undefined || keep === 'never' || evidence === undefined) return false;
  return keep === 'always' || verdict !== 'pass';
}

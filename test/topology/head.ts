import { thisProcess } from '../../src/process-identity.js';
import type { JournalHead } from '../../src/topology/journal.js';

/** The first line of a journal that this process writes, on an engine at which none answers. */
export function journalHead(more: Partial<JournalHead> = {}): JournalHead {
  const engine = { kind: 'endpoint', name: 'tcp://127.0.0.1:1', engine: 'tcp://127.0.0.1:1', env: {} } as const;
  return { run: 'r-1', process: thisProcess(), engine, startedAt: '2026-01-01T00:00:00.000Z', ...more };
}

/** The same process number, started at another time: what a number that was given again looks like. */
export const ENDED = { ...thisProcess(), started: 'another-boot 1' };

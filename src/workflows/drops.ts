import { DoctorError } from '../errors.js';
import type { Shell } from '../engine/engine.js';
import { dropsInstance, removeDrops } from '../probes/drops.js';
import type { Cleanup } from '../topology/cleanup.js';
import type { Journal } from '../topology/journal.js';

/** How long the kernel may take to remove an instance, in milliseconds. */
const PATIENCE_MS = 30_000;

/**
 * Sees to it that the trace instance a run's looks make goes with the run: each look removes its own, but one that is killed
 * cannot, and the kernel keeps what nobody removes. Noted before there is one, so that `gc` knows.
 */
export function deferDrops(
  cleanup: Cleanup,
  { shell, journal, run }: { readonly shell: Shell; readonly journal: Journal; readonly run: string },
): void {
  const name = dropsInstance(run);
  const undo = removeDrops(name);
  const entry = journal.note(`kernel trace instance ${name}`, undo, { checked: true });
  cleanup.defer(`remove the kernel trace instance ${name}`, async () => {
    const { exitCode, stderr } = await shell.run(undo, { timeoutMs: PATIENCE_MS });
    if (exitCode !== 0) throw new DoctorError('CLEANUP_INCOMPLETE', stderr.trim());
    journal.done(entry);
  });
}

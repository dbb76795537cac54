import { DoctorError } from '../errors.js';
import type { Shell } from '../engine/engine.js';
import { dropsInstance, removeDrops } from '../probes/capture/drops.js';
import { removeTable, traceTable } from '../probes/capture/trace-table.js';
import type { Cleanup } from '../topology/cleanup.js';
import type { Journal } from '../topology/journal.js';

/** How long the kernel may take to remove one, in milliseconds. */
const PATIENCE_MS = 30_000;

interface Ground {
  readonly shell: Shell;
  readonly journal: Journal;
  readonly run: string;
}

/**
 * Removes at the end of a run what its looks make in the host's kernel: each look removes its own, but one that is killed cannot. The kernel keeps a trace instance until it is removed, and before Linux 5.13 a table too. Noted before there
 * is one, so that `gc` knows.
 */
export function deferTraces(cleanup: Cleanup, ground: Ground): void {
  const [instance, table] = [dropsInstance(ground.run), traceTable(ground.run)];
  deferOne(cleanup, { what: `kernel trace instance ${instance}`, undo: removeDrops(instance) }, ground);
  deferOne(cleanup, { what: `nftables table inet ${table}`, undo: removeTable(table) }, ground);
}

interface Kept {
  readonly what: string;
  readonly undo: string;
}

function deferOne(cleanup: Cleanup, { what, undo }: Kept, { shell, journal }: Ground): void {
  const entry = journal.note(what, undo, { checked: true });
  cleanup.defer(`remove the ${what}`, async () => {
    const { exitCode, stderr } = await shell.run(undo, { timeoutMs: PATIENCE_MS });
    if (exitCode !== 0) throw new DoctorError('CLEANUP_INCOMPLETE', stderr.trim());
    journal.done(entry);
  });
}

import type { Engine, Owned } from '../../engine/engine.js';
import { removeOwned } from '../../engine/remove-owned.js';
import { parseIdentity, stateOf } from '../../process-identity.js';

/** What became of what one run left. */
export interface CleanedUpRun {
  readonly run: string;
  /** Where they were, for people; absent where the journal does not say. */
  readonly engine: string | undefined;
  /** `planned`: with a dry run. `kept`: on request, and still there. */
  readonly outcome: 'cleaned up' | 'left' | 'kept' | 'planned';
  /** What is gone now, or would go, one entry each. */
  readonly undone: readonly string[];
  /** What is still there, one sentence each; empty when nothing of the run is left. */
  readonly left: readonly string[];
}

/** What must not be touched, and whether anything may. */
interface Orphans {
  /** Runs that have a journal on this machine: theirs are no orphans. */
  readonly known: readonly string[];
  readonly dryRun: boolean;
}

/**
 * Removes objects of ours on an engine that no journal names. Objects of a process that lives are left alone, and those of a
 * process on another machine too: whether that one lives cannot be told here.
 */
export async function collectOrphans(engine: Engine, { known, dryRun }: Orphans): Promise<readonly CleanedUpRun[]> {
  const orphans = (await engine.listOurs()).filter(({ run }) => !known.includes(run));
  const collected: CleanedUpRun[] = [];
  for (const run of new Set(orphans.map((one) => one.run))) {
    const objects = orphans.filter((one) => one.run === run);
    const about = { run, engine: engine.name };
    const elsewhere = objects.map(machineOf).find((machine) => machine !== undefined);
    if (elsewhere !== undefined) {
      const left = [`${names(objects).join(', ')}: made on ${elsewhere}. Run "ipvlan-doctor gc" there.`];
      collected.push({ ...about, outcome: 'left', undone: [], left });
    } else if (!objects.some(isAlive)) collected.push({ ...about, ...(await removed(engine, objects, dryRun)) });
  }
  return collected;
}

async function removed(
  engine: Engine,
  objects: readonly Owned[],
  dryRun: boolean,
): Promise<Pick<CleanedUpRun, 'outcome' | 'undone' | 'left'>> {
  if (dryRun) return { outcome: 'planned', undone: names(objects), left: [] };
  const stuck = await removeOwned(engine, { runs: objects.map(({ run }) => run) });
  const left = stuck.map(({ object: { kind, name }, why }) => `${kind} ${name}: ${why}`);
  const undone = names(objects.filter(({ id }) => !stuck.some(({ object }) => object.id === id)));
  return { outcome: left.length === 0 ? 'cleaned up' : 'left', undone, left };
}

function names(objects: readonly Owned[]): readonly string[] {
  return objects.map(({ kind, name }) => `${kind} ${name}`);
}

/** @returns the other machine on which a process made it; `undefined` for one on this machine, or an unknown one */
function machineOf({ process }: Owned): string | undefined {
  const maker = process === undefined ? undefined : parseIdentity(process);
  return maker && stateOf(maker) === 'elsewhere' ? maker.machine : undefined;
}

function isAlive({ process }: Owned): boolean {
  const maker = process === undefined ? undefined : parseIdentity(process);
  return maker !== undefined && stateOf(maker) === 'alive';
}

import { DoctorError } from '../../errors.js';
import type { Engine, Inspected } from '../../engine/engine.js';
import type { NetworkFact } from '../../evidence/facts.js';
import { knownNetworks } from './attach.js';

/** Running containers and the networks they share. */
export interface AttachedAll {
  readonly networks: readonly NetworkFact[];
  /** Why networks were passed over, one sentence each. */
  readonly passedOver: readonly string[];
  readonly containers: readonly Inspected[];
}

/**
 * Finds what the user named: of a network every container, of a container itself; all IPvlan and macvlan networks when
 * nothing is named. Containers that do not run are left out.
 *
 * @throws DoctorError `NOT_FOUND` for a name that is neither
 */
export async function attachAll(engine: Engine, wanted: readonly string[]): Promise<AttachedAll> {
  const found =
    wanted.length > 0
      ? wanted.map((name) => containersOf(engine, name))
      : (await engine.listNetworks(['ipvlan', 'macvlan'])).map((id) => engine.listContainers(id));
  const ids = [...new Set((await Promise.all(found)).flat())];
  const containers = (await Promise.all(ids.map((id) => engine.inspectContainer(id))))
    .filter(({ pid }) => pid > 0)
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  const attached = [...new Set(containers.flatMap(({ attachments }) => attachments.map(({ network }) => network)))];
  return { ...(await knownNetworks(engine, attached)), containers };
}

async function containersOf(engine: Engine, name: string): Promise<readonly string[]> {
  const network = await unlessAbsent(engine.inspectNetwork(name));
  if (network) return engine.listContainers(network.id);
  const container = await unlessAbsent(engine.inspectContainer(name));
  if (container) return [container.id];
  throw new DoctorError('NOT_FOUND', `There is neither a network nor a container ${name} on this engine.`, {
    hint: '"docker network ls" and "docker ps" list them.',
  });
}

/** @returns `undefined` when the engine has no such thing */
async function unlessAbsent<Thing>(asked: Promise<Thing>): Promise<Thing | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof DoctorError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

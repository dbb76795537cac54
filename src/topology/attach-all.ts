import { DoctorError, messageOf } from '../errors.js';
import type { Engine, Inspected } from '../engine/engine.js';
import type { NetworkFact } from '../evidence/facts.js';
import { knownNetworks } from './attach.js';

/** Running containers and the networks they share. */
export interface AttachedAll {
  readonly networks: readonly NetworkFact[];
  readonly containers: readonly Inspected[];
}

/**
 * Finds what the user named: of a network every container, of a container itself; all IPvlan and macvlan networks when
 * nothing is named. Containers that do not run are left out.
 *
 * @throws DoctorError `NOT_FOUND` for a name that is neither
 */
export async function attachAll(engine: Engine, wanted: readonly string[]): Promise<AttachedAll> {
  const names = wanted.length > 0 ? wanted : await engine.listNetworks(['ipvlan', 'macvlan']);
  const ids = [...new Set((await Promise.all(names.map((name) => containersOf(engine, name)))).flat())];
  const containers = (await Promise.all(ids.map((id) => engine.inspectContainer(id))))
    .filter(({ pid }) => pid > 0)
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  const attached = [...new Set(containers.flatMap(({ attachments }) => attachments.map(({ network }) => network)))];
  return { networks: (await knownNetworks(engine, attached)).networks, containers };
}

async function containersOf(engine: Engine, name: string): Promise<readonly string[]> {
  const network = await absentAs(engine.inspectNetwork(name), /not found|no such network/i);
  if (network) return engine.listContainers(network.id);
  const container = await absentAs(engine.inspectContainer(name), /no such container/i);
  if (container) return [container.id];
  throw new DoctorError('NOT_FOUND', `There is neither a network nor a container ${name} on this engine.`, {
    hint: '"docker network ls" and "docker ps" list them.',
  });
}

/** @returns `undefined` when the engine says that there is no such thing */
async function absentAs<Thing>(asked: Promise<Thing>, words: RegExp): Promise<Thing | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (words.test(messageOf(error))) return undefined;
    throw error;
  }
}

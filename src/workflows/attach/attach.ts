import { DoctorError } from '../../errors.js';
import type { Engine, Inspected } from '../../engine/engine.js';
import type { NetworkFact } from '../../evidence/facts.js';

/** A container that was there before us, with what Docker knows of its surroundings. */
export interface Attached {
  readonly container: Inspected;
  /** Its networks, in the order Docker lists them; those of drivers we know nothing about are in `passedOver`. */
  readonly networks: readonly NetworkFact[];
  /** Running containers that share one of them. */
  readonly siblings: readonly Inspected[];
  /** Why networks were passed over, one sentence each. */
  readonly passedOver: readonly string[];
}

/** Beyond these many siblings further ones tell nothing new. */
const MOST_SIBLINGS = 8;

/**
 * Finds a container and what belongs to it. Asks the engine only; nothing is changed.
 *
 * @throws DoctorError `NOT_FOUND` when there is no such container, `USAGE` when none of its networks can be examined
 */
export async function attach(engine: Engine, name: string): Promise<Attached> {
  const container = await engine.inspectContainer(name);
  const names = container.attachments.map(({ network }) => network);
  const { networks, passedOver } = await knownNetworks(engine, names);
  if (networks.length === 0) throw nothingToExamine(container.name, passedOver);
  const ids = await Promise.all(networks.map((network) => engine.listContainers(network.id)));
  const others = [...new Set(ids.flat())].filter((id) => id !== container.id);
  const siblings = await Promise.all(others.map((id) => engine.inspectContainer(id)));
  return {
    container,
    networks,
    siblings: siblings.filter(({ pid }) => pid > 0).slice(0, MOST_SIBLINGS),
    passedOver,
  };
}

/** Networks by name, without those that cannot be examined: such as `host` and `none`, or with control characters in the name. */
export async function knownNetworks(
  engine: Engine,
  names: readonly string[],
): Promise<Pick<Attached, 'networks' | 'passedOver'>> {
  const passedOver: string[] = [];
  const found = await Promise.all(
    names.map(async (name) => {
      try {
        return [await engine.inspectNetwork(name)];
      } catch (error) {
        if (!(error instanceof DoctorError && error.code === 'USAGE')) throw error;
        passedOver.push(error.message);
        return [];
      }
    }),
  );
  return { networks: found.flat(), passedOver };
}

function nothingToExamine(name: string, passedOver: readonly string[]): DoctorError {
  const why = passedOver.length > 0 ? passedOver.join(' ') : `${name} is attached to no network of its own.`;
  return new DoctorError('USAGE', why, {
    hint: 'A container that shares the network of the host or of another container is examined by examining that one.',
  });
}

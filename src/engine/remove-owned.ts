import { messageOf } from '../errors.js';
import type { Engine, Owned } from './engine.js';

/** An object that we created and that is still there, and why. */
export interface LeftBehind {
  readonly object: Owned;
  /** The message of the engine. */
  readonly why: string;
}

/**
 * Removes what our runs left on the engine: objects that carry our labels, and nothing else. Images stay: they are a cache.
 *
 * @param runs only what these runs made; default: all objects with our labels
 * @returns what could not be removed
 */
export async function removeOwned(
  engine: Engine,
  { runs }: { readonly runs?: readonly string[] } = {},
): Promise<readonly LeftBehind[]> {
  const ours = (await engine.listOurs()).filter(({ run }) => runs?.includes(run) ?? true);
  const remove = (kind: Owned['kind'], how: (id: string) => Promise<void>) =>
    Promise.all(ours.filter((object) => object.kind === kind).map((object) => attempted(object, how)));
  // A network in use cannot be removed, so containers go first.
  const containers = await remove('container', (id) => engine.removeContainer(id));
  const networks = await remove('network', (id) => engine.removeNetwork(id));
  return [...containers, ...networks].flat();
}

async function attempted(object: Owned, remove: (id: string) => Promise<void>): Promise<readonly LeftBehind[]> {
  try {
    await remove(object.id);
    return [];
  } catch (error) {
    return [{ object, why: messageOf(error) }];
  }
}

import { setTimeout as wait } from 'node:timers/promises';

/** How long an engine may take to release the endpoints of containers that are gone, and how often it is asked; in milliseconds. */
const PATIENCE_MS = 10_000;
const INTERVAL_MS = 250;

/**
 * Removes a network that may still count endpoints of containers that are gone: seen once, with
 * Docker 20.10 on a busy machine, "has active endpoints" after every one of six containers had been removed. Where a
 * container is really attached, the engine's error is thrown at once.
 *
 * @param isHeld whether a container that exists is attached
 * @throws the error of `remove`
 */
export async function removedOnceFree<Answer>(
  remove: () => Promise<Answer>,
  isHeld: () => Promise<boolean>,
): Promise<Answer> {
  for (const until = Date.now() + PATIENCE_MS; ;) {
    try {
      return await remove();
    } catch (error) {
      if (!/has active endpoints/.test(String(error)) || Date.now() > until || (await isHeld())) throw error;
      await wait(INTERVAL_MS);
    }
  }
}

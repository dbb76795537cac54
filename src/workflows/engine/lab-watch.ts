import { connectEngine } from '../../engine/connect.js';
import { resolveEndpoint } from '../../engine/endpoint.js';
import { messageOf } from '../../errors.js';
import type { Lab } from '../../lab/lab.js';

/** How often a lab is asked whether it is still there, in milliseconds. */
const HEARTBEAT_MS = 30_000;
/** A machine under load may miss one. */
const MISSED_HEARTBEATS = 2;

/** A watch over a lab. */
export interface Watch {
  /** Whether the lab stopped answering and was ended because of that. */
  readonly hung: () => boolean;
  readonly end: () => void;
}

/** Ends a lab whose guest hangs: requests would wait for it without end, and then fail at once. */
export function watchOver(lab: Lab): Watch {
  let missed = 0;
  const timer = setInterval(() => {
    void greeting(lab).then((failure) => {
      missed = failure === undefined ? 0 : missed + 1;
      if (missed === MISSED_HEARTBEATS) lab.kill();
    });
  }, HEARTBEAT_MS).unref();
  return { hung: () => missed >= MISSED_HEARTBEATS, end: () => clearInterval(timer) };
}

/** @returns why nothing can be done in a lab any more; `undefined` while its engine answers */
export async function whyLost(lab: Lab, watch: Watch): Promise<string | undefined> {
  if (lab.lives() && (await greeting(lab)) === undefined) return undefined;
  const words = await lab.lastWords();
  const what = watch.hung() ? 'its machine hung' : 'its machine ended';
  return words === '' ? what : `${what}: ${words}`;
}

/** @returns why the lab's engine does not answer; `undefined` when it does */
function greeting(lab: Lab): Promise<string | undefined> {
  return connectEngine(resolveEndpoint({ engine: undefined, context: undefined, env: lab.env })).then((engine) => {
    engine.disconnect();
    return undefined;
  }, messageOf);
}

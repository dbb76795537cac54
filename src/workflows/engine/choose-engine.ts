import { addressOf } from '../../engine/address.js';
import { connectEngine } from '../../engine/connect.js';
import { resolveEndpoint } from '../../engine/endpoint.js';
import { preflight } from '../../engine/preflight.js';
import { messageOf } from '../../errors.js';
import type { ChosenEngine, EngineWish } from './chosen-engine.js';
import { labEngine } from './lab-engine.js';

/**
 * The engine the user named; for `auto` their own when it is reached and has IPvlan, else the lab.
 *
 * @throws DoctorError `ENGINE_UNREACHABLE`, `LAB_FAILED`, `USAGE` when no lab of that name runs
 */
export async function chooseEngine(wish: EngineWish): Promise<ChosenEngine> {
  const lab = /^lab(?::(.+))?$/.exec(wish.engine);
  if (lab) return labEngine(wish, lab[1]);
  if (wish.engine !== 'auto') return onHost(wish, wish.engine, undefined);
  if (wish.context !== undefined) return ownEngine(wish);
  const why = await whyNotOwn(wish);
  if (why === undefined) return onHost(wish, undefined, 'your own engine has IPvlan');
  wish.onStep(`Using the lab: ${why}`);
  return { ...(await labEngine(wish, undefined)), why };
}

/** The engine the docker client would use: context, environment, default socket. */
export function ownEngine(wish: EngineWish): Promise<ChosenEngine> {
  return onHost(wish, undefined, undefined);
}

async function onHost(wish: EngineWish, host: string | undefined, why: string | undefined): Promise<ChosenEngine> {
  const sources = { engine: host, context: wish.context, env: process.env };
  const endpoint = resolveEndpoint(sources);
  const engine = await connectEngine(endpoint, wish.signal);
  return {
    engine,
    name: engine.name,
    address: addressOf(sources),
    why,
    [Symbol.asyncDispose]() {
      engine.disconnect();
      return Promise.resolve();
    },
  };
}

/** @returns why the user's own engine cannot be used; `undefined` when it can */
async function whyNotOwn({ agentImage, onStep, signal }: EngineWish): Promise<string | undefined> {
  try {
    const endpoint = resolveEndpoint({ engine: undefined, context: undefined, env: process.env });
    const engine = await connectEngine(endpoint, signal);
    onStep(`Trying ${engine.name}`);
    const unmet = (await preflight(engine, { image: agentImage, onStep })).find(({ state }) => state === 'unmet');
    engine.disconnect();
    return unmet && `${engine.name} lacks ${unmet.name}: ${unmet.detail}`;
  } catch (error) {
    signal.throwIfAborted();
    return messageOf(error);
  }
}

import { quote } from '../shell.js';
import { AGENT_VERSION } from '../engine/agent-image.js';
import { addressOf, type EngineAddress } from '../engine/address.js';
import { connectEngine } from '../engine/docker.js';
import { resolveEndpoint } from '../engine/endpoint.js';
import type { Engine } from '../engine/engine.js';
import { rememberImage } from '../engine/known-images.js';
import { preflight } from '../engine/preflight.js';
import { DoctorError, messageOf } from '../errors.js';
import type { Release } from '../lab/guest.js';
import { DEFAULT_NAME, findLab, resetLab, startLab, type Lab } from '../lab/lab.js';
import { isUsedOnlyBy } from './sole-use.js';

/** Which engine the user asked for. */
export interface EngineWish {
  /** `auto`, `lab`, `lab:NAME`, or a host such as `unix:///var/run/docker.sock`. */
  readonly engine: string;
  readonly context: string | undefined;
  readonly agentImage: string | undefined;
  /** What a lab that is started for the run is made of; trixie when absent. */
  readonly release?: Release | undefined;
  readonly onStep: (step: string) => void;
  readonly signal: AbortSignal;
}

/** The engine a run works on. Disposing of it ends a lab that was started for the run. */
export interface ChosenEngine extends AsyncDisposable {
  readonly engine: Engine;
  /** For people: `lab (trixie)`, or the engine's own address. */
  readonly name: string;
  /** How a later process finds it again. */
  readonly address: EngineAddress;
  /** Why this one; absent when the user named it. */
  readonly why: string | undefined;
  /** What only a lab has that was started for the run. */
  readonly own?: OwnLab;
  /** How to take its machine back to the state it started in; absent where the engine is the user's own. */
  readonly reset?: Reset;
}

/** A lab's machine can be taken back to the state it started in. */
export interface Reset {
  /** Whether only this run uses it: what others have in a lab of theirs must stay. */
  isFree(run: string): Promise<boolean>;
  /** Ends this machine and starts another in its place. To be called once nothing of the run is on it. */
  restart(): Promise<ChosenEngine>;
}

/** A lab that was started for the run. */
export interface OwnLab {
  /** Starts another like it, beside it or in its place. */
  another(): Promise<ChosenEngine>;
  /** Why nothing can be done in it any more; `undefined` while it lives. */
  lost(): Promise<string | undefined>;
}

/**
 * The engine the user named; for `auto` their own when it is reached and has IPvlan, else the lab.
 *
 * @throws DoctorError `ENGINE_UNREACHABLE`, `LAB_FAILED`, `USAGE` when no lab of that name runs
 */
export async function chooseEngine(wish: EngineWish): Promise<ChosenEngine> {
  const lab = /^lab(?::(.+))?$/.exec(wish.engine);
  if (lab) return inLab(wish, lab[1]);
  if (wish.engine !== 'auto') return onHost(wish, wish.engine, undefined);
  if (wish.context !== undefined) return ownEngine(wish);
  const why = await whyNotOwn(wish);
  if (why === undefined) return onHost(wish, undefined, 'your own engine has IPvlan');
  wish.onStep(`Using the lab: ${why}`);
  return { ...(await inLab(wish, undefined)), why };
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
    [Symbol.asyncDispose]: () => Promise.resolve(engine.disconnect()),
  };
}

/** A lab that runs is used and left running; without a name, one is started for the run alone. */
async function inLab(wish: EngineWish, name: string | undefined): Promise<ChosenEngine> {
  const standing = await findLab(name ?? DEFAULT_NAME);
  if (name !== undefined && !standing) {
    throw new DoctorError('USAGE', `No lab called ${name} is up.`, {
      hint: `ipvlan-doctor lab up --name ${quote(name)}`,
    });
  }
  return standing ? standingLab(standing, wish) : ownLab(wish);
}

async function standingLab(lab: Lab, wish: EngineWish): Promise<ChosenEngine> {
  const { onStep, signal } = wish;
  const chosen = await labEngine(lab, signal);
  return {
    ...chosen,
    reset: {
      isFree: (run) => isUsedOnlyBy(run, chosen.engine),
      restart: async () => standingLab(await resetLab(lab, { onStep, signal }), wish),
    },
  };
}

async function labEngine(lab: Lab, signal: AbortSignal): Promise<ChosenEngine> {
  const { agentImage } = lab.record;
  if (agentImage !== undefined) rememberImage(AGENT_VERSION, agentImage);
  const engine = await connectEngine(resolveEndpoint({ engine: undefined, context: undefined, env: lab.env }), signal);
  return {
    engine,
    name: `lab (${lab.record.release})`,
    address: { kind: 'lab', name: lab.record.name, startedAt: lab.record.startedAt },
    why: undefined,
    async [Symbol.asyncDispose]() {
      engine.disconnect();
      await lab[Symbol.asyncDispose]();
    },
  };
}

/** How many labs this process has started: each has a name of its own. */
let started = 0;

async function ownLab(wish: EngineWish): Promise<ChosenEngine> {
  const { release = 'trixie', onStep, signal } = wish;
  onStep('Starting a lab');
  const lab = await startLab({ name: `run-${process.pid}-${++started}`, release, private: true, onStep, signal });
  // It ends with the run in any case: what is in it needs no cleanup.
  signal.addEventListener('abort', () => lab.kill(), { once: true });
  const chosen = await labEngine(lab, signal);
  const watch = watchOver(lab);
  const end = async () => {
    watch.end();
    await chosen[Symbol.asyncDispose]();
  };
  return {
    ...chosen,
    own: { another: () => ownLab(wish), lost: () => whyLost(lab, watch) },
    reset: { isFree: () => Promise.resolve(true), restart: async () => (await end(), ownLab(wish)) },
    [Symbol.asyncDispose]: end,
  };
}

/** How often a lab is asked whether it is still there, in milliseconds. */
const HEARTBEAT_MS = 30_000;
/** A machine under load may miss one. */
const MISSED_HEARTBEATS = 2;

interface Watch {
  /** Whether it did not answer any more, and was ended for that. */
  readonly hung: () => boolean;
  readonly end: () => void;
}

/** A guest that hangs keeps everybody waiting who has asked it something: it is ended, and whatever waits fails at once. */
function watchOver(lab: Lab): Watch {
  let missed = 0;
  const timer = setInterval(() => {
    void greeting(lab).then((failure) => {
      missed = failure === undefined ? 0 : missed + 1;
      if (missed === MISSED_HEARTBEATS) lab.kill();
    });
  }, HEARTBEAT_MS).unref();
  return { hung: () => missed >= MISSED_HEARTBEATS, end: () => clearInterval(timer) };
}

async function whyLost(lab: Lab, watch: Watch): Promise<string | undefined> {
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

/** @returns `undefined` when the user's own engine will do */
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

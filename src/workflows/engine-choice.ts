import { connectEngine } from '../engine/docker.js';
import { resolveEndpoint } from '../engine/endpoint.js';
import type { Engine } from '../engine/engine.js';
import { preflight } from '../engine/preflight.js';
import { DoctorError, messageOf } from '../errors.js';
import type { Release } from '../lab/guest.js';
import { DEFAULT_NAME, findLab, startLab, type Lab } from '../lab/lab.js';

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
  /** How another process finds it again, in the form `--engine` takes. */
  readonly spec: string;
  /** Why this one; absent when the user named it. */
  readonly why: string | undefined;
  /** Starts another like it, for work at the same time; absent unless it is a lab that was started for the run. */
  readonly another?: (number: number) => Promise<ChosenEngine>;
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
  const engine = await connectEngine(resolveEndpoint({ engine: host, context: wish.context, env: process.env }));
  return {
    engine,
    name: engine.name,
    spec: host ?? '',
    why,
    [Symbol.asyncDispose]: () => Promise.resolve(engine.disconnect()),
  };
}

/** A lab that runs is used and left running; without a name, one is started for the run alone. */
async function inLab(wish: EngineWish, name: string | undefined): Promise<ChosenEngine> {
  const standing = await findLab(name ?? DEFAULT_NAME);
  if (name !== undefined && !standing) {
    throw new DoctorError('USAGE', `No lab called ${name} is up.`, { hint: `ipvlan-doctor lab up --name ${name}` });
  }
  return standing ? labEngine(standing) : { ...(await ownLab(wish, 1)), another: (number) => ownLab(wish, number) };
}

async function labEngine(lab: Lab): Promise<ChosenEngine> {
  const engine = await connectEngine(resolveEndpoint({ engine: undefined, context: undefined, env: lab.env }));
  return {
    engine,
    name: `lab (${lab.record.release})`,
    spec: `lab:${lab.record.name}`,
    why: undefined,
    async [Symbol.asyncDispose]() {
      engine.disconnect();
      await lab[Symbol.asyncDispose]();
    },
  };
}

async function ownLab({ release = 'trixie', onStep, signal }: EngineWish, number: number): Promise<ChosenEngine> {
  onStep('Starting a lab');
  const name = `run-${process.pid}-${number}`;
  return labEngine(await startLab({ name, release, private: true, onStep, signal }));
}

/** @returns `undefined` when the user's own engine will do */
async function whyNotOwn({ agentImage, onStep }: EngineWish): Promise<string | undefined> {
  try {
    const engine = await connectEngine(resolveEndpoint({ engine: undefined, context: undefined, env: process.env }));
    onStep(`Trying ${engine.name}`);
    const unmet = (await preflight(engine, { image: agentImage, onStep })).find(({ state }) => state === 'unmet');
    engine.disconnect();
    return unmet && `${engine.name} lacks ${unmet.name}: ${unmet.detail}`;
  } catch (error) {
    return messageOf(error);
  }
}

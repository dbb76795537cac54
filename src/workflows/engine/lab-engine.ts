import { AGENT_VERSION } from '../../engine/agent-image.js';
import { connectEngine } from '../../engine/connect.js';
import { resolveEndpoint } from '../../engine/endpoint.js';
import type { Engine } from '../../engine/engine.js';
import { rememberImage } from '../../engine/known-images.js';
import { DoctorError } from '../../errors.js';
import { DEFAULT_NAME, findLab, resetLab, startLab, type Lab } from '../../lab/lab.js';
import { quote } from '../../shell.js';
import type { ChosenEngine, EngineWish } from './chosen-engine.js';
import { watchOver, whyLost } from './lab-watch.js';

/**
 * The engine of the lab of a name. A lab that runs is used and stays; without a name, one may be started for the run alone.
 *
 * @throws DoctorError `LAB_FAILED`, `USAGE` when no lab of that name runs
 */
export async function labEngine(wish: EngineWish, name: string | undefined): Promise<ChosenEngine> {
  const running = await findLab(name ?? DEFAULT_NAME);
  if (name !== undefined && !running) {
    throw new DoctorError('USAGE', `No lab called ${name} is up.`, {
      hint: `ipvlan-doctor lab up --name ${quote(name)}`,
    });
  }
  return running ? runningLab(running, wish) : ownLab(wish);
}

async function runningLab(lab: Lab, wish: EngineWish): Promise<ChosenEngine> {
  const { onStep, signal } = wish;
  const chosen = await connected(lab, signal);
  return {
    ...chosen,
    reset: {
      isFree: (run) => isUsedOnlyBy(run, chosen.engine),
      restart: async () => runningLab(await resetLab(lab, { onStep, signal }), wish),
    },
  };
}

async function connected(lab: Lab, signal: AbortSignal): Promise<ChosenEngine> {
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
  const chosen = await connected(lab, signal);
  const watch = watchOver(lab);
  const end = async () => {
    watch.end();
    await chosen[Symbol.asyncDispose]();
  };
  const restart = async () => {
    await end();
    return ownLab(wish);
  };
  return {
    ...chosen,
    own: { another: () => ownLab(wish), lost: () => whyLost(lab, watch) },
    reset: { isFree: () => Promise.resolve(true), restart },
    [Symbol.asyncDispose]: end,
  };
}

/** Drivers whose networks hold every container that has a network of its own. */
const DRIVERS = ['bridge', 'host', 'null', 'ipvlan', 'macvlan', 'overlay'];

/** Whether an engine has no containers but those of a run, and no networks that another run of ours left. */
async function isUsedOnlyBy(run: string, engine: Engine): Promise<boolean> {
  const networks = await engine.listNetworks(DRIVERS);
  const containers = (await Promise.all(networks.map((id) => engine.listContainers(id)))).flat();
  const ours = await engine.listOurs();
  return ours.every((one) => one.run === run) && containers.every((id) => ours.some((one) => one.id === id));
}

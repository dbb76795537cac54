import { agentImage, type AgentImage } from '../engine/agent-image.js';
import { startAgent, type Agent } from '../engine/agent.js';
import type { Engine } from '../engine/engine.js';
import { Cleanup } from '../topology/cleanup.js';
import type { Journal } from '../topology/journal.js';
import type { CommandState } from './command-result.js';
import type { ChosenEngine } from './engine/chosen-engine.js';
import { closeJournal, openJournal } from './run-journal.js';
import { deferTraces } from './traces.js';

/** What a session needs to know. */
export interface Setting extends Pick<CommandState, 'clock' | 'images' | 'left'> {
  /** The id that everything of the session carries: names, labels, journal. */
  readonly run: string;
  /** The image the user wants the agent started from; ours when absent. */
  readonly agentImage: string | undefined;
  readonly onStep: (step: string) => void;
  /** Whether the engine's machine ended, or ends next, with everything on it: then nothing is left for `gc`. Absent: it stays. */
  readonly isMachineGone?: () => Promise<boolean>;
}

/**
 * Works on an engine, and leaves nothing on it: what is started there carries our labels and is removed at the end, last first, and a
 * journal tells `gc` about a session that was killed.
 */
export async function inSession<Value>(
  chosen: ChosenEngine,
  setting: Setting,
  work: (session: EngineSession) => Promise<Value>,
): Promise<Value> {
  const { run, left } = setting;
  const journal = openJournal(chosen, run);
  let session: EngineSession | undefined;
  try {
    await using cleanup = new Cleanup(left);
    session = new EngineSession({ engine: chosen.engine, journal, cleanup }, setting);
    return await work(session);
  } finally {
    if (session?.isKept) journal.keep();
    else {
      await closeJournal(journal, chosen, { run, left });
      if (left.length > 0 && (await setting.isMachineGone?.())) journal.end();
    }
  }
}

interface Ground {
  readonly engine: Engine;
  readonly journal: Journal;
  readonly cleanup: Cleanup;
}

/** An engine, and what we started on it. */
export class EngineSession {
  readonly engine: Engine;
  readonly run: string;
  readonly journal: Journal;
  readonly clock: Setting['clock'];
  /** What is to be undone at the end, last first. */
  readonly cleanup: Cleanup;
  readonly #setting: Setting;
  readonly #agents: Agent[] = [];
  #image: Promise<AgentImage> | undefined;
  #isKept = false;

  constructor({ engine, journal, cleanup }: Ground, setting: Setting) {
    this.engine = engine;
    this.run = setting.run;
    this.journal = journal;
    this.clock = setting.clock;
    this.cleanup = cleanup;
    this.#setting = setting;
  }

  /** Whether everything stays when the session ends. */
  get isKept(): boolean {
    return this.#isKept;
  }

  /** The image our containers are started from; built on the engine where it has none. */
  image(): Promise<AgentImage> {
    return (this.#image ??= this.#findImage());
  }

  async #findImage(): Promise<AgentImage> {
    const { agentImage: image, onStep, images } = this.#setting;
    const found = await this.clock.time('agent', () => agentImage(this.engine, { image, onStep }));
    images.add(found.name);
    return found;
  }

  /** Starts our agent container. It is removed when the session ends, and so is what its looks make in the host's kernel. */
  async agent(): Promise<Agent> {
    const { engine, run, journal, cleanup } = this;
    const image = await this.image();
    const agent = await this.clock.time('agent', () => startAgent(engine, { image, run }));
    cleanup.defer('remove the agent', () => agent[Symbol.asyncDispose]());
    deferTraces(cleanup, { shell: agent, journal, run });
    this.#agents.push(agent);
    return agent;
  }

  /** Keeps everything when the session ends. A simulated site lives in the agent; the journal tells `gc` what to remove. */
  keep(): void {
    for (const agent of this.#agents) agent.leave();
    this.cleanup.move();
    this.#isKept = true;
  }
}

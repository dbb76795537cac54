import { DoctorError, messageOf } from '../errors.js';
import type { AgentImage } from './agent-image.js';
import { newToken, Session, sessionCommand } from './session.js';
import { Demultiplexer } from './exec-stream.js';
import type { Engine, ExecOptions, Executed, Shell } from './engine.js';
import { endedBy } from './until.js';

/** How a script is followed while it runs. */
export interface Following {
  /** Asks it to end. */
  readonly end: AbortSignal;
  /** Gives it up. */
  readonly signal: AbortSignal;
  readonly onPiece: (piece: { readonly stdout: Buffer; readonly stderr: string }) => void;
}

/** The one privileged, temporary helper container of a run. It enters any namespace, and the simulated site is in it. */
export class Agent implements Shell, AsyncDisposable {
  readonly containerId: string;
  readonly #engine: Engine;
  #scripts = 0;
  #session: Session | undefined;
  #busy = false;

  constructor(engine: Engine, containerId: string) {
    this.#engine = engine;
    this.containerId = containerId;
  }

  /**
   * Runs a POSIX shell script with the host's network and pid namespaces. A non-zero exit code is a result. A script that is
   * given up is killed with everything it started, except what made itself a session of its own (`setsid`). One script at a
   * time has the agent's own shell; others at the same time get an exec each.
   *
   * @throws DoctorError `AGENT_FAILED` when it takes too long or the agent is gone, `INTERRUPTED` when `signal` aborts
   */
  async run(script: string, options: Omit<ExecOptions, 'stdin'> = {}): Promise<Executed> {
    const mark = `/tmp/ipvlan-doctor-${++this.#scripts}`;
    // On one line with the script, so that the shell's error messages count lines as the script does.
    const marked = `echo $$ >${mark}; ${script}`;
    try {
      return await (this.#busy ? this.#runBeside(marked, options) : this.#runInTurn(marked, options));
    } catch (error) {
      if (!(error instanceof DoctorError)) throw error;
      if (error.code === 'ENGINE_REFUSED') throw agentGone(error);
      if (error.code !== 'ENGINE_UNREACHABLE') await this.#kill(mark);
      throw error;
    }
  }

  async #runInTurn(script: string, options: ExecOptions): Promise<Executed> {
    this.#busy = true;
    try {
      this.#session = this.#session?.broken === false ? this.#session : await this.#openSession(options.signal);
      return await this.#session.run(script, options);
    } finally {
      this.#busy = false;
    }
  }

  async #openSession(signal = new AbortController().signal): Promise<Session> {
    const token = newToken();
    const opening = this.#engine.converse(this.containerId, sessionCommand(token));
    return new Session(await endedBy(signal, opening), token);
  }

  /** A script longer than an argument may be comes through the input. */
  #runBeside(script: string, options: ExecOptions): Promise<Executed> {
    const content = Buffer.from(script);
    const file = `/tmp/ipvlan-doctor-${this.#scripts}.sh`;
    const receive = `head -c ${content.length} >${file} && exec sh ${file} </dev/null`;
    return this.#engine.exec(this.containerId, ['sh', '-c', receive], { ...options, stdin: content });
  }

  /**
   * Runs a script beside all others, and hands on what it prints as it comes, until it ends. It is asked to end by a line on its input,
   * and has to end when that input does.
   *
   * @throws DoctorError `AGENT_FAILED` when the connection breaks, `INTERRUPTED` when `signal` aborts
   */
  async follow(script: string, { end, signal, onPiece }: Following): Promise<void> {
    const stream = await endedBy(signal, this.#engine.converse(this.containerId, ['sh', '-c', script]));
    const stop = () => stream.write('end\n');
    const giveUp = () => stream.destroy(new DoctorError('INTERRUPTED', 'Interrupted.'));
    end.addEventListener('abort', stop, { once: true });
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      if (end.aborted) stop();
      const received = new Demultiplexer();
      for await (const piece of stream) {
        received.take(piece as Buffer);
        onPiece(received.pieces());
      }
    } catch (error) {
      throw error instanceof DoctorError ? error : agentGone(new DoctorError('AGENT_FAILED', messageOf(error)));
    } finally {
      end.removeEventListener('abort', stop);
      signal.removeEventListener('abort', giveUp);
      stream.destroy();
    }
  }

  /** Takes no abort signal, because it cleans up after one. Its own failure matters less than the reason why it was needed. */
  async #kill(mark: string): Promise<void> {
    const killing = this.#engine.exec(this.containerId, ['sh', '-c', killScript(mark)], { timeoutMs: KILL_TIMEOUT_MS });
    await endedBy(AbortSignal.timeout(KILL_TIMEOUT_MS), killing).catch(() => undefined);
  }

  /** A shell whose scripts end when the signal aborts. For work: cleanup uses the agent itself. */
  until(signal: AbortSignal): Shell {
    return { run: (script, options) => this.run(script, { signal, ...options }) };
  }

  /** Leaves it running when this process ends, with everything in it. */
  leave(): void {
    this.#session?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#session?.close();
    await this.#engine.removeContainer(this.containerId);
  }
}

const KILL_TIMEOUT_MS = 10_000;

/**
 * Kills a session until none of it lives. A process group is not enough: "timeout" gives its command a group of its own.
 * Reads /proc itself, because not every image has pkill; a stat file reads "pid (name) state parent group session …".
 */
function killScript(mark: string): string {
  return `
for try in 1 2 3 4 5 6 7 8 9; do [ -s ${mark} ] && break; sleep 0.1; done
read -r session <${mark} || exit
again=yes
while [ $again ]; do
  again=
  for file in /proc/[0-9]*/stat; do
    read -r stat <$file || continue
    set -- \${stat##*) }
    [ "$4" = "$session" ] && [ "$1" != Z ] && kill -KILL "\${stat%% *}" && again=yes
  done 2>/dev/null
done`;
}

function agentGone(cause: DoctorError): DoctorError {
  return new DoctorError('AGENT_FAILED', `The agent container does not answer: ${cause.message}`, {
    hint: 'Was it removed while the run went on? Start the run again; "ipvlan-doctor gc" removes what this one left.',
    cause,
  });
}

/** Sleeps, and reaps the processes that scripts leave behind, so that the host's init need not. */
const IDLE = 'trap exit TERM INT; while :; do sleep 3600 & wait $!; done';

/**
 * Starts the agent of a run.
 *
 * @throws DoctorError `AGENT_FAILED` when the engine will not run a privileged container
 */
export async function startAgent(
  engine: Engine,
  { image, run }: { readonly image: AgentImage; readonly run: string },
): Promise<Agent> {
  const container = {
    name: `ipvlan-doctor-agent-${run}`,
    image: image.id,
    command: ['sh', '-c', IDLE],
    network: 'host',
    addresses: [],
    dns: [],
    agent: true,
  };
  const id = await engine.createContainer(container, run);
  try {
    await engine.startContainer(id);
    return new Agent(engine, id);
  } catch (error) {
    await engine.removeContainer(id);
    throw new DoctorError('AGENT_FAILED', `The agent container would not start: ${messageOf(error)}`, {
      hint: 'It needs a privileged container with the host network and pid namespace; rootless engines cannot give that.',
      cause: error,
    });
  }
}

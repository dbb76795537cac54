import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { DoctorError } from '../errors.js';
import { Demultiplexer } from './exec-stream.js';
import type { Executed, ExecOptions } from './engine.js';

/**
 * A shell in a container that runs one script after another. An exec for each would cost an emulated machine half a second,
 * and a scenario needs a handful of them.
 */
export class Session {
  readonly #stream: Duplex;
  readonly #token: string;
  readonly #received = new Demultiplexer();
  #waiting: { readonly done: (executed: Executed) => void; readonly failed: (error: Error) => void } | undefined;
  #broken: DoctorError | undefined;

  /** @param stream what {@link sessionCommand} of the same token is fed and read by */
  constructor(stream: Duplex, token: string) {
    this.#stream = stream;
    this.#token = token;
    stream.on('data', (piece: Buffer) => this.#take(piece));
    stream.on('error', (error: Error) => this.#end(error.message));
    stream.on('close', () => this.#end('it was closed'));
  }

  /** Whether it takes no more scripts: it was closed, lost, or a script in it was given up. */
  get broken(): boolean {
    return this.#broken !== undefined;
  }

  /**
   * Runs a script to its end, in a process session of its own and without input. One that is given up ends the session too: what
   * it still writes belongs to no later script.
   *
   * @throws DoctorError `AGENT_FAILED` after `timeoutMs` or when the connection breaks, `INTERRUPTED` when `signal` aborts
   */
  async run(script: string, { timeoutMs, signal }: Omit<ExecOptions, 'stdin'>): Promise<Executed> {
    const content = Buffer.from(script);
    const giveUp = (error: DoctorError) => () => this.#give(error);
    const interrupted = giveUp(new DoctorError('INTERRUPTED', 'Interrupted.'));
    const timer = timeoutMs === undefined ? undefined : setTimeout(giveUp(tooLong(timeoutMs)), timeoutMs);
    try {
      return await new Promise<Executed>((done, failed) => {
        this.#waiting = { done, failed };
        signal?.addEventListener('abort', interrupted, { once: true });
        if (this.#broken) failed(this.#broken);
        else if (signal?.aborted) interrupted();
        else this.#stream.write(Buffer.concat([Buffer.from(`${content.length}\n`), content]));
      });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', interrupted);
      this.#waiting = undefined;
    }
  }

  close(): void {
    this.#stream.destroy();
  }

  #take(piece: Buffer): void {
    this.#received.take(piece);
    const { stdout, stderr } = this.#received.tails(this.#token.length + ' 255'.length + 2 * '\n'.length);
    const ended = new RegExp(`\\n${this.#token} (\\d+)\\n$`).exec(stdout);
    if (!ended || !stderr.endsWith(`${this.#token}\n`)) return;
    const taken = this.#received.taken();
    this.#waiting?.done({
      exitCode: Number(ended[1]),
      stdout: taken.stdout.subarray(0, -ended[0].length),
      stderr: taken.stderr.slice(0, -`${this.#token}\n`.length),
    });
  }

  #give(error: DoctorError): void {
    this.#broken ??= error;
    this.#waiting?.failed(error);
    this.close();
  }

  #end(why: string): void {
    this.#give(new DoctorError('AGENT_FAILED', `The connection to the agent broke: ${why}.`));
  }
}

export function newToken(): string {
  return `ended-${randomBytes(12).toString('hex')}`;
}

/**
 * The shell itself: it reads how long a script is and the script, runs it, and says on both outputs that it ended. Counted
 * rather than read to the end: not every way to an engine can close one direction only. Nothing comes in while a script
 * runs: when the input ends then, the client that wanted the script is gone, and the script ends with all its process group.
 */
export function sessionCommand(token: string): readonly string[] {
  const file = `/tmp/ipvlan-doctor-${token}.sh`;
  const script = `
exec 4<&0
while read -r length; do
  code=1
  if head -c $length >${file}; then
    setsid sh ${file} </dev/null 4<&- & ran=$!
    ( read -r _ <&4 || kill -s HUP -- -$ran || kill -s HUP $ran ) >/dev/null 2>&1 & watch=$!
    wait $ran; code=$?
    { kill $watch; wait $watch; } 2>/dev/null
  fi
  printf '\\n${token} %s\\n' $code; echo ${token} >&2
done`;
  return ['sh', '-c', script];
}

function tooLong(timeoutMs: number): DoctorError {
  return new DoctorError('AGENT_FAILED', `A command in the container did not end within ${timeoutMs} ms.`, {
    hint: 'The host may be overloaded: try again when it has less to do.',
  });
}

import type { Duplex } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { DoctorError } from '../errors.js';
import type { ExecOptions } from './engine.js';

/** Docker's multiplexed stream: 8 bytes of header (stream, 3 zeros, big-endian length) before each piece. */
const HEADER = 8;
const STDERR = 2;

/**
 * Collects what a command in a container writes until it ends.
 *
 * @throws DoctorError `INTERRUPTED` when the signal aborted, `AGENT_FAILED` when it took too long or the connection broke
 */
export async function collectOutput(stream: Duplex, options: ExecOptions): Promise<{ stdout: Buffer; stderr: string }> {
  const stop = (error: DoctorError) => () => stream.destroy(error);
  const interrupted = stop(new DoctorError('INTERRUPTED', 'Interrupted.'));
  options.signal?.addEventListener('abort', interrupted, { once: true });
  const late = new DoctorError(
    'AGENT_FAILED',
    `A command in the container did not end within ${options.timeoutMs} ms.`,
    {
      hint: 'The host may be overloaded: try again when it has less to do.',
    },
  );
  const timer = options.timeoutMs === undefined ? undefined : setTimeout(stop(late), options.timeoutMs);
  try {
    if (options.signal?.aborted) interrupted();
    if (options.stdin !== undefined) stream.end(options.stdin);
    const received = new Demultiplexer();
    for await (const piece of stream) received.take(piece as Buffer);
    return received.taken();
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', interrupted);
  }
}

/** Takes the raw stream apart as it comes. A piece cut short by a broken connection is kept as far as it came. */
export class Demultiplexer {
  #rest: Buffer = Buffer.alloc(0);
  #stdout: Buffer[] = [];
  #stderr: Buffer[] = [];

  take(raw: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, raw]);
    while (this.#rest.length >= HEADER) {
      const end = HEADER + this.#rest.readUInt32BE(4);
      if (this.#rest.length < end) return;
      this.#keep(this.#rest.subarray(HEADER, end));
      this.#rest = this.#rest.subarray(end);
    }
  }

  /** Everything so far. */
  taken(): { stdout: Buffer; stderr: string } {
    if (this.#rest.length > HEADER) this.#keep(this.#rest.subarray(HEADER));
    this.#rest = Buffer.alloc(0);
    const taken = { stdout: Buffer.concat(this.#stdout), stderr: Buffer.concat(this.#stderr).toString() };
    [this.#stdout, this.#stderr] = [[], []];
    return taken;
  }

  /** Every whole piece since the last call; one that was cut short waits for its rest. */
  pieces(): { readonly stdout: Buffer; readonly stderr: string } {
    const whole = { stdout: Buffer.concat(this.#stdout), stderr: Buffer.concat(this.#stderr).toString() };
    [this.#stdout, this.#stderr] = [[], []];
    return whole;
  }

  /** The last bytes of each stream so far, as text: cheap however much there is. */
  tails(length: number): { readonly stdout: string; readonly stderr: string } {
    return { stdout: tail(this.#stdout, length), stderr: tail(this.#stderr, length) };
  }

  #keep(piece: Buffer): void {
    (this.#rest[0] === STDERR ? this.#stderr : this.#stdout).push(piece);
  }
}

function tail(pieces: readonly Buffer[], length: number): string {
  const last: Buffer[] = [];
  for (let at = pieces.length - 1, missing = length; at >= 0 && missing > 0; at--) {
    const piece = pieces[at]?.subarray(-missing) ?? Buffer.alloc(0);
    last.unshift(piece);
    missing -= piece.length;
  }
  return Buffer.concat(last).toString('latin1');
}

/** What `docker exec` inspection says of a command. */
interface ExecState {
  readonly Running: boolean;
  readonly ExitCode: number | null;
}

/** Docker closes the stream a moment before it knows the exit code: asked again this often, at intervals of … */
const ASKED = 100;
const INTERVAL_MS = 50;

/** @throws DoctorError `AGENT_FAILED` when the command closed its output and goes on running */
export async function exitCode(inspect: () => Promise<ExecState>): Promise<number> {
  for (let asked = 0; asked < ASKED; asked++) {
    const { Running, ExitCode } = await inspect();
    if (!Running && ExitCode !== null) return ExitCode;
    await wait(INTERVAL_MS);
  }
  throw new DoctorError('AGENT_FAILED', 'A command in the container closed its output and did not end.');
}

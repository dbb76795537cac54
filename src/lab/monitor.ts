import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface, type Interface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { DoctorError, messageOf } from '../errors.js';

type Answer = Readonly<Record<string, unknown>> & {
  readonly return?: unknown;
  readonly error?: { readonly desc: string };
};

/** How a command is sent. */
interface Manner {
  /** How long it may take, in milliseconds. */
  readonly patienceMs?: number;
  /** Tells its answer from those to earlier commands; absent where there are none. */
  readonly isAnswer?: (value: unknown) => boolean;
}

/** Saving a machine's state is the command that takes longest. */
const PATIENCE_MS = 120_000;

/**
 * A line-wise JSON conversation over a unix socket: QEMU's control socket (QMP) and the guest agent speak it alike.
 * One command at a time; events in between are passed over.
 */
export class Conversation implements Disposable {
  readonly #socket: Socket;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#reader = createInterface({ input: socket });
    this.#lines = this.#reader[Symbol.asyncIterator]();
    socket.on('error', () => this.#reader.close());
  }

  /** Connects as soon as the socket exists; `alive` says whether waiting for it still makes sense. */
  static async open(path: string, alive: () => boolean): Promise<Conversation> {
    for (;;) {
      const socket = connect(path);
      try {
        await once(socket, 'connect');
        return new Conversation(socket);
      } catch (error) {
        socket.destroy();
        if (!alive())
          throw new DoctorError('LAB_FAILED', `The machine ended before it could be controlled: ${messageOf(error)}`);
        await wait(5);
      }
    }
  }

  /** @throws DoctorError `LAB_FAILED` with the other side's words, or when it says nothing for long */
  async ask(command: string, args: Readonly<Record<string, unknown>> = {}, manner: Manner = {}): Promise<unknown> {
    const timer = setTimeout(() => this.#reader.close(), manner.patienceMs ?? PATIENCE_MS);
    try {
      return await this.#answerTo(command, args, manner.isAnswer ?? (() => true));
    } finally {
      clearTimeout(timer);
    }
  }

  async #answerTo(
    command: string,
    args: Readonly<Record<string, unknown>>,
    isAnswer: (value: unknown) => boolean,
  ): Promise<unknown> {
    this.#socket.write(`${JSON.stringify({ execute: command, arguments: args })}\n`);
    for (;;) {
      const line: IteratorResult<string, unknown> = await this.#lines.next();
      if (line.done) throw new DoctorError('LAB_FAILED', `The machine hung up during ${command}.`);
      const answer = parse(line.value);
      if (answer.error) throw new DoctorError('LAB_FAILED', `${command}: ${answer.error.desc}`);
      if ('return' in answer && isAnswer(answer.return)) return answer.return;
    }
  }

  [Symbol.dispose](): void {
    this.#reader.close();
    this.#socket.destroy();
  }
}

/** Opens QEMU's control socket and gets past its greeting. */
export async function openMonitor(path: string, alive: () => boolean): Promise<Conversation> {
  const monitor = await Conversation.open(path, alive);
  await monitor.ask('qmp_capabilities');
  return monitor;
}

/** The guest agent may answer a line from an earlier life first; a 0xFF byte resets its parser. */
function parse(line: string): Answer {
  try {
    return JSON.parse(line.replace(/^[^{]*/, '')) as Answer;
  } catch {
    return {};
  }
}

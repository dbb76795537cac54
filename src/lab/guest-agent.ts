import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Conversation } from './monitor.js';

/** How a command in the guest ended. */
export interface GuestExit {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface ExecStatus {
  readonly exited: boolean;
  readonly exitcode?: number;
  readonly 'out-data'?: string;
  readonly 'err-data'?: string;
}

/** Runs a command in the guest through the QEMU guest agent, which needs neither network nor Docker. */
export async function execInGuest(socket: string, argv: readonly string[], stdin = ''): Promise<GuestExit> {
  using agent = await openAgent(socket);
  const [path, ...args] = argv;
  const { pid } = (await agent.ask('guest-exec', {
    path,
    arg: args,
    'input-data': Buffer.from(stdin).toString('base64'),
    'capture-output': true,
  })) as { pid: number };
  for (;;) {
    const status = (await agent.ask('guest-exec-status', { pid })) as ExecStatus;
    if (status.exited) return ended(status);
    await wait(20); // The agent offers no event for the end of a command.
  }
}

/** How long one greeting may take, in milliseconds, and how often it is repeated over a new connection. */
const GREETING_MS = 1000;
const GREETINGS = 30;

/**
 * A conversation in which the guest's agent has answered to its name, as its protocol asks for: the port takes words before
 * a process reads them, a guest that boots begins to read late, and then answers to everything it was ever asked.
 */
async function openAgent(socket: string): Promise<Conversation> {
  for (let greeting = 1; ; greeting++) {
    const agent = await Conversation.open(socket, () => true);
    try {
      const id = randomInt(2 ** 31);
      await agent.ask('guest-sync', { id }, { patienceMs: GREETING_MS, isAnswer: (value) => value === id });
      return agent;
    } catch (error) {
      agent[Symbol.dispose]();
      if (greeting === GREETINGS) throw error;
    }
  }
}

/** A restored machine wakes with the clock of the day it was saved: sets it to ours. */
export async function setGuestClock(socket: string): Promise<void> {
  await execInGuest(socket, ['/bin/date', '-u', '-s', `@${(Date.now() / 1000).toFixed(3)}`]);
}

function ended(status: ExecStatus): GuestExit {
  const text = (data: string | undefined) => Buffer.from(data ?? '', 'base64').toString();
  return { exitCode: status.exitcode ?? 255, stdout: text(status['out-data']), stderr: text(status['err-data']) };
}

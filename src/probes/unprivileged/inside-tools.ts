import type { Outcome } from '../../evidence/evidence.js';
import type { CheckPlan, Over } from '../../scenario/plan.js';
import { quote } from '../../shell.js';
import { attempts, failureIn, wordsOf } from '../flows/flow-probe.js';
import { NOT_ALLOWED, parsePing } from '../flows/icmp.js';
import { portOf } from '../flows/tcp.js';

/** What a tool of the container's own image printed, both streams in one, and how it ended. */
export interface Said {
  readonly text: string;
  readonly exitCode: number;
}

/** A probe by the tools that an image has: busybox, or those of a distribution. */
interface InsideTool {
  /** One simple command, its words already quoted for the shell. */
  command(check: CheckPlan): string;
  /** Pure. */
  parse(said: Said, check: CheckPlan): Outcome;
}

/** Every busybox knows these flags of ping, and takes no fraction of a second. */
const PINGS = 3;
/** When a tool that has no deadline of its own is ended, in seconds. */
const ENOUGH_SECONDS = 5;

/**
 * The kernel reports that the host dropped a packet (ENOBUFS) only to a socket with IP_RECVERR. iputils sets it, and prints the
 * error unless it is told to be quiet. busybox does not set it, but the container's own counter shows the drop.
 */
const icmp: InsideTool = {
  command: ({ to }) => `ping -c ${PINGS} -W 2 ${quote(to.address)}`,
  parse: ({ text, exitCode }) => {
    // A container without NET_RAW may not ping at all: that is no answer of the network's.
    if (NOT_ALLOWED.test(text)) return broken(text);
    const failure = failureIn(text);
    if (!/packets transmitted/.test(text) && failure !== 'timeout')
      return attempts({ sent: PINGS, arrived: 0, failure, said: complaints(text) });
    return parsePing({ stdout: text, stderr: complaints(text).join('\n'), exitCode }, PINGS);
  },
};

const tcp: InsideTool = {
  command: ({ to, over }) => `timeout ${ENOUGH_SECONDS} nc -w 3 ${quote(to.address)} ${portOf(over)}`,
  // Ended by the deadline it was connected, because it gives up connecting before that.
  parse: ({ text, exitCode }) =>
    exitCode === 0 || wasEnded(exitCode)
      ? attempts({ sent: 1, arrived: 1 })
      : attempts({ sent: 1, arrived: 0, failure: failureIn(text), said: wordsOf(text) }),
};

const dns: InsideTool = {
  command: ({ to }) =>
    `timeout ${ENOUGH_SECONDS} nslookup ${to.name === undefined ? `-type=ns . ${quote(to.address)}` : quote(to.name)}`,
  parse: ({ text, exitCode }, { to }) => {
    if (wasEnded(exitCode)) return attempts({ sent: 1, arrived: 0, failure: 'timeout' });
    const said = wordsOf(...text.split('\n').filter((line) => /timed out|no servers|can't|\*\*|refused/i.test(line)));
    // Only a reply makes it name the server.
    if (/timed out|no servers could be reached/i.test(text) || !/^Server:/m.test(text))
      return text.trim() === ''
        ? broken('nslookup printed nothing')
        : attempts({ sent: 1, arrived: 0, failure: failureIn(text), said });
    if (to.name === undefined && !/SERVFAIL/.test(text)) return attempts({ sent: 1, arrived: 1 });
    // Addresses before the name are the server's own.
    const name = text.search(/^Name:/m);
    const answered = name === -1 ? '' : text.slice(name);
    const answers = [...answered.matchAll(/^Address(?: \d+)?:\s+([0-9a-f.:]+)(?:\s.*)?$/gm)];
    // That one family has no address is a failure to busybox.
    if (answers.length > 0)
      return attempts({ sent: 1, arrived: 1, answers: answers.map(([, address]) => address ?? '') });
    return attempts({ sent: 1, arrived: 0, failure: 'not-resolved', said });
  },
};

const TOOLS: Partial<Readonly<Record<Over['protocol'], InsideTool>>> = { icmp, tcp, dns };

/** The command that asks from inside; `undefined` where no usual image has a tool for it. */
export function insideCommand(check: CheckPlan): string | undefined {
  return TOOLS[check.over.protocol]?.command(check);
}

/** What came of it. A tool that is not there, or knows other flags, could not be asked: that is never "unreachable". */
export function insideOutcome(said: Said, check: CheckPlan): Outcome {
  const tool = TOOLS[check.over.protocol];
  if (tool === undefined) return broken(`no tool of an image asks over ${check.over.protocol}`);
  const { text, exitCode } = said;
  if (exitCode === 126 || exitCode === 127) return broken(text || 'its image lacks the tool');
  if (/usage:|(?:invalid|unrecognized|unknown) option/i.test(text)) return broken(text.split('\n')[0] ?? '');
  return tool.parse(said, check);
}

/** busybox' timeout tells the signal, others 124; the kernel ends what computes too long (SIGXCPU). */
function wasEnded(exitCode: number): boolean {
  return exitCode === 124 || exitCode === 143 || exitCode === 152;
}

function complaints(text: string): readonly string[] {
  return wordsOf(...text.split('\n').filter((line) => /^(?:ping|From)\b/.test(line)));
}

function broken(error: string): Outcome {
  return { kind: 'broken', error: error.trim() };
}

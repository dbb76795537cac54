import type { Outcome } from '../../evidence/evidence.js';
import { quote } from '../../shell.js';
import { attempts, failureIn, sentFrom, wordsOf, type Asked, type FlowProbe } from './flow-probe.js';
import type { Output } from '../outputs.js';

/** Enough attempts that one lost packet under load is not taken for a dead path. */
export const PINGS = 5;
/** Between two packets, in seconds. */
export const INTERVAL = 0.2;

/**
 * Waiting after the last packet, in seconds. With five packets 0.2 s apart a ping without replies ends after 3.3 s: just beyond the
 * three seconds after which a failed ARP resolution says "Destination Host Unreachable". It is also how long ping believes
 * that a full buffer will empty: it tries its first packet again and again, and says so after 1.5 times that.
 */
const WAIT = 2.5;

export const icmp: FlowProbe = {
  id: 'icmp',
  insists: true,
  title: 'ICMP echo: five packets, with arrival ratio and round-trip times',
  packets: ({ pings }) => pingBudget(pings === 'until answered' ? UNTIL_DEADLINE : (pings ?? PINGS)),
  command: ({ check, tag, source, pings = PINGS }) =>
    `ping -n ${howLong(pings)} -e ${tag}${sentFrom('-I', source)} ${quote(check.to.address)}`,
  parse: (output, { pings = PINGS }) => (pings === 'until answered' ? parseAnswered(output) : parsePing(output, pings)),
};

/** Seconds it goes on asking when it is to stop at the first answer, and the seconds between two packets then. */
const [DEADLINE, PATIENT_INTERVAL] = [4, 0.5];
const UNTIL_DEADLINE = DEADLINE / PATIENT_INTERVAL;

/** What a ping hands to the kernel at most: where there is no room it tries ten times a second until it is told to end. */
export function pingBudget(count: number): number {
  return 100 + 3 * count;
}

function howLong(pings: NonNullable<Asked['pings']>): string {
  // With a deadline it is the answers that are counted; beyond the failed ARP resolution's three seconds, as above.
  return pings === 'until answered'
    ? `-c 1 -i ${PATIENT_INTERVAL} -w ${DEADLINE}`
    : `-c ${pings} -i ${INTERVAL} -W ${WAIT}`;
}

/** One that sends until the first answer, or its deadline. What it sent after the packet that was answered is not lost. */
function parseAnswered(output: Output): Outcome {
  const answered = /^\d+ bytes from .*icmp_seq=(\d+)/m.exec(output.stdout)?.[1];
  const transmitted = Number(/(\d+) packets transmitted/.exec(output.stdout)?.[1]);
  const asked = parsePing(output, 1);
  if (asked.kind !== 'attempts' || transmitted === 0) return asked;
  if (answered === undefined) return { ...asked, sent: Math.max(1, transmitted - 1) };
  const sent = Number(answered);
  return { ...asked, sent, failure: asked.failure === 'duplicate' ? 'duplicate' : sent > 1 ? 'timeout' : undefined };
}

/**
 * What iputils' ping prints.
 *
 * @param count how many packets it was to send; one that was told to end early sent fewer
 */
export function parsePing({ stdout, stderr, exitCode }: Output, count: number): Outcome {
  const counts = /(\d+) packets transmitted, (\d+) (?:packets )?received/.exec(stdout);
  const words = wordsOf(
    stderr,
    stdout
      .split('\n')
      .filter((line) => /^From /.test(line))
      .map(withoutSequence)
      .join('\n'),
  );
  if (!counts) {
    if (NOT_ALLOWED.test(stderr)) return { kind: 'broken', error: stderr.trim() };
    // It gave up before sending: no route, no such address.
    const failure = failureIn(stderr);
    if (exitCode === 2 && failure !== 'timeout') return attempts({ sent: count, arrived: 0, failure, said: words });
    return { kind: 'broken', error: stderr.trim() || `ping ended with exit code ${exitCode}` };
  }
  const [transmitted, arrived] = [Number(counts[1]), Number(counts[2])];
  // Told to end early it may still have waited for the answer to its last packet: that one does not count.
  const sent = transmitted < count ? Math.max(arrived, transmitted - 1) : transmitted;
  if (arrived === 0 && transmitted < count) return cutShort({ transmitted, count, words, tookMs: tookMs(stdout) });
  const times = /= ([\d.]+)\/([\d.]+)\/([\d.]+)/.exec(stdout);
  const ttl = /^\d+ bytes from .*ttl=(\d+)/m.exec(stdout)?.[1];
  return attempts({
    sent,
    arrived,
    roundTripMs: times ? { min: Number(times[1]), average: Number(times[2]), max: Number(times[3]) } : undefined,
    ttl: ttl === undefined ? undefined : Number(ttl),
    failure: /\+\d+ duplicates/.test(stdout) ? 'duplicate' : arrived < sent ? failureIn(words.join('\n')) : undefined,
    said: words,
  });
}

/** A ping without NET_RAW: it asked for no answer. */
export const NOT_ALLOWED = /\bsocket\b.*(?:not permitted|denied)|are you root/i;

/** Milliseconds from the first packet to the last one ping tried to send, the ones that found no room too. */
function tookMs(stdout: string): number {
  return Number(/, time (\d+)ms/.exec(stdout)?.[1] ?? 0);
}

interface CutShort {
  readonly transmitted: number;
  readonly count: number;
  readonly words: readonly string[];
  readonly tookMs: number;
}

/**
 * Told to end before it had sent everything, and nothing had arrived. It is told while it waits: with nothing sent yet, it
 * waits for room to send its first packet, which only a full buffer (ENOBUFS) makes it do. One packet sent, and the last
 * attempt to send long after it: the others found no room.
 */
function cutShort({ transmitted, count, words, tookMs }: CutShort): Outcome {
  const refused = (which: string) =>
    attempts({ sent: count, arrived: 0, failure: 'refused-locally', said: [...words, noRoomFor(which)] });
  if (transmitted === 0) return refused('even its first');
  const failure = failureIn(words.join('\n'));
  if (failure !== 'timeout') return attempts({ sent: count, arrived: 0, failure, said: words });
  if (transmitted === 1 && tookMs >= NO_ROOM_MS) return refused('its second');
  if (transmitted === 1) return { kind: 'broken', error: 'ping began too late to tell anything' };
  return attempts({ sent: transmitted - 1, arrived: 0, failure, said: words });
}

/** When the second packet is overdue by that much, it was tried and found no room: five times the interval. */
const NO_ROOM_MS = 5 * INTERVAL * 1000;

function noRoomFor(which: string): string {
  return `ping could not send ${which} packet (no buffer space)`;
}

function withoutSequence(line: string): string {
  return line.replace(/ icmp_seq=\d+/, '');
}

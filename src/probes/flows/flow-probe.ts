import type { Failure, Outcome } from '../../evidence/evidence.js';
import type { CheckPlan, Over } from '../../scenario/plan.js';
import { quote } from '../../shell.js';
import type { LookRequest } from '../look-request.js';
import type { Output } from '../outputs.js';

/** Most bytes a probe's tool may print, in each of its files: a page may have no end. The kernel ends it there. */
export const MOST_BYTES = 65_536;

/** A protocol to check with whether a target answers. */
export interface FlowProbe {
  readonly id: Over['protocol'];
  readonly title: string;
  /**
   * Its budget: most packets it hands to the kernel, delivered or not. Those that the host rejects count, and so do
   * retransmissions.
   */
  packets(asked: Pick<Asked, 'pings'>): number;
  /** What the probe runs: one simple command, its words already quoted for the shell. */
  command(asked: Asked): string;
  /** What it is given to read; nothing when absent. */
  input?(asked: Asked): string;
  /** Whether it has to be told to come to an end: all others give up by themselves, however late they began. */
  readonly insists?: true;
  /** Pure: what came of it, from what the tool printed. */
  parse(output: Output, asked: Asked): Outcome;
}

/** What a probe is given. */
export interface Asked {
  readonly check: CheckPlan;
  /** ICMP echo identifier or source port that marks its packets. */
  readonly tag: number;
  /** Address it must be sent from; absent when the kernel may choose. */
  readonly source: string | undefined;
  /** See `LookRequest.pings`. */
  readonly pings: LookRequest['pings'];
  /** Shell word that names the node's own resolver as `serverAt` does when the script runs. */
  readonly resolver: string;
}

/** ` -I 192.168.0.2`: how a tool is given its source, or nothing. */
export function sentFrom(flag: string, source: string | undefined): string {
  return source === undefined ? '' : ` ${flag} ${quote(source)}`;
}

/** An outcome of attempts, with what is usually absent left out. */
export function attempts(
  outcome: Partial<Extract<Outcome, { kind: 'attempts' }>> & { sent: number; arrived: number },
): Outcome {
  return {
    roundTripMs: undefined,
    ttl: undefined,
    failure: outcome.arrived < outcome.sent ? 'timeout' : undefined,
    said: [],
    answers: [],
    ...outcome,
    kind: 'attempts',
  };
}

/** The tool's own words, one entry for each distinct line, with what merely counts or times left out. */
export function wordsOf(...texts: readonly string[]): string[] {
  const lines = texts.flatMap((text) => text.split('\n')).map((line) => line.trim());
  return [...new Set(lines.filter(Boolean))].slice(0, 8);
}

/**
 * What tools say, by what it means; the first that fits counts. iputils, busybox and OpenBSD's nc agree on these, with the
 * words of glibc or of musl (Alpine). A filter says EPERM or ENOBUFS; EINVAL and EACCES come from a route that is a blackhole
 * or prohibits, and ping takes EACCES for a broadcast address.
 */
const MEANINGS: readonly (readonly [RegExp, Failure])[] = [
  [/No buffer space available|Operation not permitted|Cannot allocate memory|Out of memory/i, 'refused-locally'],
  [/Network (?:is )?unreachable|Cannot assign requested address|Address not available/i, 'no-route'],
  [/Invalid argument|Permission denied|want to ping broadcast/i, 'no-route'],
  [/Message too (?:long|large)|Frag(?:mentation)? needed|Packet too big/i, 'too-big'],
  [/Packet filtered|Port Unreachable|prohibited/i, 'rejected'],
  [
    /Destination (?:Host|Net) Unreachable|No route to host|Host is unreachable|Address unreachable/i,
    'host-unreachable',
  ],
  [/No route\b/i, 'host-unreachable'],
  [/Connection refused/i, 'refused'],
];

/** Why it failed, as far as the tool says; silence is a timeout. */
export function failureIn(text: string): Failure {
  return MEANINGS.find(([words]) => words.test(text))?.[1] ?? 'timeout';
}

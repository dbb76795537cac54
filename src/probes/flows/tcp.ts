import type { Outcome } from '../../evidence/evidence.js';
import { quote } from '../../shell.js';
import { attempts, failureIn, wordsOf, sentFrom, type FlowProbe } from './flow-probe.js';
import type { Output } from '../outputs.js';

/** Seconds: the first packet and a retransmission after one second; a second would come after three. */
const WAIT = 3;

/** A SYN and its retransmissions within the wait, or a connection that is opened and closed: eight packets. */
export const CONNECTION = 8;

export const tcp: FlowProbe = {
  id: 'tcp',
  title: 'TCP connection: connected, refused, rejected, unreachable and no reply kept apart',
  packets: () => CONNECTION,
  command: ({ check, tag, source }) =>
    `nc -n -z -v -w ${WAIT} -p ${tag}${sentFrom('-s', source)} ${quote(check.to.address)} ${portOf(check.over)}`,
  parse: parseConnect,
};

/** What OpenBSD's nc prints with `-v`. */
export function parseConnect({ stderr, exitCode }: Output): Outcome {
  if (exitCode === 0) return attempts({ sent: 1, arrived: 1 });
  if (/invalid|usage|Address already in use/.test(stderr)) return { kind: 'broken', error: stderr.trim() };
  return attempts({ sent: 1, arrived: 0, failure: failureIn(stderr), said: wordsOf(stderr) });
}

/** Port of a check over TCP or UDP. */
export function portOf(over: { readonly protocol: string; readonly port?: number }): number {
  return over.port ?? 80;
}

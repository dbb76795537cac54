import { quote } from '../../shell.js';
import { attempts, failureIn, MOST_BYTES, wordsOf, sentFrom, type FlowProbe } from './flow-probe.js';
import { CONNECTION } from './tcp.js';

/** Port of a check over HTTP. */
export const HTTP_PORT = 80;

/** A server that has accepted may take its time to answer: on a busy emulated machine more than three seconds were seen. In seconds. */
const WAIT = 5;

/** Bytes of an ordinary segment: each that arrives is acknowledged at most once. */
const SEGMENT_BYTES = 1024;

export const http: FlowProbe = {
  id: 'http',
  title: 'HTTP on port 80: whether something answers, its status line, and where it sends the asker',
  packets: () => CONNECTION + MOST_BYTES / SEGMENT_BYTES,
  command: ({ check, tag, source }) =>
    `nc -n -v -w ${WAIT} -p ${tag}${sentFrom('-s', source)} ${quote(check.to.address)} ${HTTP_PORT}`,
  input: ({ check }) => `GET / HTTP/1.0\r\nHost: ${check.to.name ?? check.to.address}\r\n\r\n`,
  parse({ stdout, stderr }) {
    const status = /^HTTP\/\S+ \d{3}.*$/m.exec(stdout)?.[0].trim();
    const elsewhere = /^Location: .*$/im.exec(stdout)?.[0].trim();
    if (status) return attempts({ sent: 1, arrived: 1, answers: [status, ...(elsewhere ? [elsewhere] : [])] });
    if (/invalid|usage|Address already in use/.test(stderr)) return { kind: 'broken', error: stderr.trim() };
    const connected = /succeeded/.test(stderr);
    const said = connected ? ['connected, and no HTTP answer came'] : wordsOf(stderr);
    return attempts({ sent: 1, arrived: 0, failure: failureIn(stderr), said });
  },
};

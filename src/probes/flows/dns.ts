import type { Outcome } from '../../evidence/evidence.js';
import { familyOf } from '../../ip.js';
import { commandLine, quote } from '../../shell.js';
import { decodeAnswer, encodeQuestion, type DnsQuestion } from './dns-message.js';
import { attempts, failureIn, wordsOf, type FlowProbe } from './flow-probe.js';
import type { Output } from '../outputs.js';
import { errorsIn } from './socat.js';

/** Port of a check over DNS. */
export const DNS_PORT = 53;

/** How long it waits for an answer, in seconds. */
const WAIT = 2;

export const dns: FlowProbe = {
  id: 'dns',
  title: 'DNS: a name through the node’s own resolver, or a server asked directly',
  packets: () => 1,
  command: ({ check: { to }, tag, resolver, source }) =>
    to.name === undefined
      ? query({ server: serverAt(to.address), question: { name: '.', type: 'NS', id: tag }, source, port: tag })
      : query({ server: resolver, question: { name: to.name, type: typeFor(to.address), id: tag }, source }),
  parse: (output, { check }) => parseQuery(output, check.to.name !== undefined),
};

/** Which record leads to an address of the same family. */
export function typeFor(address: string): DnsQuestion['type'] {
  return familyOf(address) === 6 ? 'AAAA' : 'A';
}

/** A server as socat names it. The kernel tells it of packets that the host drops. */
export function serverAt(address: string): string {
  return familyOf(address) === 6
    ? `UDP6:[${address}]:${DNS_PORT},ipv6-recverr=1`
    : `UDP4:${address}:${DNS_PORT},ip-recverr=1`;
}

/** Shell that sets S to the server whose address is in R, as {@link serverAt} does. */
export const NAME_SERVER = `case $R in *:*) S="${serverAt('fd00::1').replace('fd00::1', '$R')}";; *) S="${serverAt('192.0.2.1').replace('192.0.2.1', '$R')}";; esac`;

interface Query {
  /** What {@link serverAt} names, or a shell word that holds it. */
  readonly server: string;
  readonly question: DnsQuestion;
  readonly source: string | undefined;
  /** Source port; absent when the kernel chooses. */
  readonly port?: number;
  /** How long to wait for an answer, in seconds; two when absent. */
  readonly waitSeconds?: number;
  /** See `LiveNode.enter`; absent where the shell is on the node. */
  readonly enter?: readonly string[];
}

/**
 * One question in one datagram: a retry would only hide how long a server without a reply takes. dig is not used: where the host drops
 * its packet (ENOBUFS), dig 9.20 sends it again and again as fast as it can, 600,000 times a second (libuv takes ENOBUFS for
 * "try again"). socat prints what it sends and receives, and the child that asks ends with the first answer.
 */
export function query({ server, question, source, port, waitSeconds = WAIT, enter = [] }: Query): string {
  const bytes = encodeQuestion(question);
  if (bytes === undefined) return "sh -c 'echo no such name can be looked up >&2; exit 126'";
  const own = source === undefined ? '' : familyOf(source) === 6 ? `[${source}]` : source;
  const any = server.startsWith('UDP6') ? '[::]' : '';
  const bind = port === undefined ? own && `,bind=${own}` : `,bind=${own || any}:${port}`;
  const ask = `SYSTEM:printf $Q; exec dd bs=9000 count=1 of=/dev/null status=none`;
  const socat = commandLine([...enter, 'socat', '-x', '-T', String(waitSeconds), '-t', '0']);
  return `Q=${quote(octal(bytes))} ${socat} "${server}${bind}" ${quote(ask)}`;
}

/** For printf: letters stay, so that the name can be read. */
function octal(bytes: Buffer): string {
  return [...bytes]
    .map((byte) =>
      /[a-z]/i.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`,
    )
    .join('');
}

/**
 * What socat prints.
 *
 * @param wantsAddress whether an answer without addresses counts as a failure; a server asked directly need only answer
 */
export function parseQuery({ stderr }: Output, wantsAddress: boolean): Outcome {
  const transfers = transfersOf(stderr);
  const [asked, replied] = ['<', '>'].map((way) => transfers.find((one) => one.way === way));
  const answer = replied && decodeAnswer(replied.bytes);
  if (!answer) {
    const words = wordsOf(...errorsIn(stderr));
    if (/unknown option|Address already in use|wrong number/.test(stderr))
      return { kind: 'broken', error: words.join('; ') };
    if (!asked && words.length === 0) return { kind: 'broken', error: 'socat sent nothing' };
    return attempts({ sent: 1, arrived: 0, failure: failureIn(words.join('\n')), said: words });
  }
  if (answer.truncated && answer.records.length === 0 && wantsAddress)
    return { kind: 'broken', error: 'the DNS answer does not fit in one datagram' };
  const resolved = wantsAddress ? answer.records.length > 0 : answer.status !== 'SERVFAIL';
  const time = Math.max(0, Math.round((replied.atMs - (asked?.atMs ?? replied.atMs)) * 1000) / 1000);
  return attempts({
    sent: 1,
    arrived: resolved ? 1 : 0,
    failure: resolved ? undefined : 'not-resolved',
    roundTripMs: resolved ? { min: time, average: time, max: time } : undefined,
    said: resolved ? [] : [`DNS answered ${answer.status}`],
    answers: answer.records,
  });
}

/** Addresses in what `query` printed; none where there was no answer. */
export function addressesIn(printed: string): readonly string[] {
  const reply = transfersOf(printed).find(({ way }) => way === '>');
  return reply === undefined ? [] : (decodeAnswer(reply.bytes)?.records ?? []);
}

interface Transfer {
  /** `<` to the server, `>` from it. */
  readonly way: string;
  readonly atMs: number;
  readonly bytes: Buffer;
}

/** `> 2026/11/29 09:02:00.000231475  length=44 from=0 to=43`, and the bytes below; what follows the point are microseconds. */
function transfersOf(text: string): readonly Transfer[] {
  const found = text.matchAll(/^([<>]) \S+ (\d+):(\d+):(\d+)\.(\d+) .*\n((?: [0-9a-f]{2})+)$/gm);
  return [...found].map(([, way = '', hours, minutes, seconds, micros, hex = '']) => ({
    way,
    atMs: ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(micros) / 1000,
    bytes: Buffer.from(hex.replaceAll(' ', ''), 'hex'),
  }));
}

import { domainToASCII } from 'node:url';
import { bare } from '../ip.js';

/** Record types that are asked for or read, by their number (RFC 1035, RFC 3596). */
const TYPES = { A: 1, NS: 2, AAAA: 28 } as const;
export type RecordType = keyof typeof TYPES;

/** Names of the response codes that servers send (RFC 1035). */
const STATUSES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'] as const;

/** One question, as the bytes of a datagram. */
export interface DnsQuestion {
  /** A name without a trailing dot, or `.` for the root. */
  readonly name: string;
  readonly type: RecordType;
  /** Comes back with the answer; 16 bits. */
  readonly id: number;
}

/** What a server said. */
export interface DnsAnswer {
  readonly id: number;
  /** `NOERROR`, `NXDOMAIN`, `SERVFAIL`, …; `RCODE7` and the like where it has no usual name. */
  readonly status: string;
  /** Whether more was to be said than a datagram holds. */
  readonly truncated: boolean;
  /** Addresses and name servers, in the order of the answer. */
  readonly records: readonly string[];
}

/** @returns `undefined` for a name that DNS cannot carry */
export function encodeQuestion({ name, type, id }: DnsQuestion): Buffer | undefined {
  const written = /^[\x21-\x7e]+$/.test(name) ? name : domainToASCII(name);
  const labels = name === '.' ? [] : written.replace(/\.$/, '').split('.');
  const bytes = labels.map((label) => Buffer.from(label, 'latin1'));
  if (bytes.some(({ length }) => length === 0 || length > 63) || Buffer.concat(bytes).length > 240) return undefined;
  const header = Buffer.alloc(12);
  header.writeUInt16BE(id, 0);
  header.writeUInt16BE(RECURSION_DESIRED, 2);
  header.writeUInt16BE(1, 4);
  const asked = bytes.flatMap((label) => [Buffer.from([label.length]), label]);
  return Buffer.concat([header, ...asked, Buffer.from([0, 0, TYPES[type], 0, 1])]);
}

const RECURSION_DESIRED = 0x0100;
const TRUNCATED = 0x0200;

/** @returns `undefined` for what is no answer, or breaks off */
export function decodeAnswer(message: Buffer): DnsAnswer | undefined {
  try {
    const flags = message.readUInt16BE(2);
    const [questions, answers] = [message.readUInt16BE(4), message.readUInt16BE(6)];
    let at = 12;
    for (let index = 0; index < questions; index += 1) at = nameAt(message, at).end + 4;
    const records: string[] = [];
    for (let index = 0; index < answers; index += 1) {
      const start = nameAt(message, at).end;
      const data = start + 10;
      at = data + message.readUInt16BE(start + 8);
      if (at > message.length) return undefined;
      records.push(...recordAt(message, { type: message.readUInt16BE(start), data, end: at }));
    }
    const status = STATUSES[flags & 0xf] ?? `RCODE${flags & 0xf}`;
    return { id: message.readUInt16BE(0), status, truncated: (flags & TRUNCATED) !== 0, records };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function recordAt(
  message: Buffer,
  { type, data, end }: { readonly type: number; readonly data: number; readonly end: number },
): string[] {
  const bytes = message.subarray(data, end);
  if (type === TYPES.A && bytes.length === 4) return [bytes.join('.')];
  if (type === TYPES.AAAA && bytes.length === 16)
    return [bare(Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(2 * at).toString(16)).join(':'))];
  return type === TYPES.NS ? [nameAt(message, data).name] : [];
}

/** Names may point back at parts of earlier ones. @throws RangeError when one breaks off, or points in a circle */
function nameAt(message: Buffer, start: number): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let [at, end, pointers] = [start, 0, 0];
  for (;;) {
    const length = message.readUInt8(at);
    if (length >= 0xc0) {
      if ((pointers += 1) > 16) throw new RangeError('a name points in a circle');
      end ||= at + 2;
      at = message.readUInt16BE(at) & 0x3fff;
      continue;
    }
    if (length === 0) return { name: `${labels.join('.')}.`, end: end || at + 1 };
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
}

import { domainToASCII } from 'node:url';
import { decode, encode, RECURSION_DESIRED, type Answer, type DecodedPacket } from 'dns-packet';
import { bare, isAddress } from '../../ip.js';

/** One question, as the bytes of a datagram. */
export interface DnsQuestion {
  /** A name without a trailing dot, or `.` for the root. */
  readonly name: string;
  readonly type: 'A' | 'AAAA' | 'NS';
  /** Comes back with the answer; 16 bits. */
  readonly id: number;
}

/** What a server said. */
export interface DnsAnswer {
  readonly id: number;
  /** `NOERROR`, `NXDOMAIN`, `SERVFAIL`, …; `RCODE_11` and the like where it has no usual name. */
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
  if (labels.some(({ length }) => length === 0 || length > 63) || labels.join('').length > 240) return undefined;
  return encode({
    type: 'query',
    id,
    flags: RECURSION_DESIRED,
    questions: [{ type, name: labels.length === 0 ? '.' : labels.join('.') }],
  });
}

/** @returns `undefined` for what is no answer, or breaks off */
export function decodeAnswer(message: Buffer): DnsAnswer | undefined {
  try {
    const { id = 0, rcode, flag_tc: truncated, answers = [] } = decode(message) as DecodedPacket & ResponseCode;
    return { id, status: rcode, truncated, records: answers.flatMap(recordOf) };
  } catch {
    return undefined; // The library has no error of its own for bytes that are no message.
  }
}

/** The library reads it, and its types lack it. */
interface ResponseCode {
  readonly rcode: string;
}

/** @throws RangeError when a record breaks off: the library then reads on where nothing is */
function recordOf(answer: Answer): string[] {
  if (answer.type === 'NS') return [answer.data === '.' ? '.' : `${answer.data}.`];
  if (answer.type !== 'A' && answer.type !== 'AAAA') return [];
  if (!isAddress(answer.data)) throw new RangeError(`${answer.data} is no address`);
  return [bare(answer.data)];
}

import { Address4, Address6 } from 'ip-address';
import { bare, familyOf } from '../ip.js';
import type { Answer, Passing } from './rule-match.js';

/** One selector of tc's u32 classifier: 32 bits of a packet, from an offset into its IP header on. */
interface Selector {
  readonly value: number;
  readonly mask: number;
  readonly at: number;
}

const SELECTOR = /\bmatch ([0-9a-f]{8})\/([0-9a-f]{8}) at (\d+)\b/g;

/** IP protocol numbers, by family. */
const NUMBERS: Readonly<Record<string, readonly [four: number, six: number]>> = {
  icmp: [1, 58],
  tcp: [6, 6],
  udp: [17, 17],
};

/** Types of an ICMP message, by family. */
const ICMP_TYPES = { 'echo-request': [8, 128], 'echo-reply': [0, 129] } as const;

/** Whether the u32 selectors in tc's words take a packet: `maybe` where one asks for what is not known of it. */
export function u32Takes(text: string, packet: Passing): Answer {
  const answers = [...text.matchAll(SELECTOR)].map(([, value = '', mask = '', at = '']) =>
    takes({ value: Number.parseInt(value, 16), mask: Number.parseInt(mask, 16), at: Number(at) }, packet),
  );
  return answers.includes('no') ? 'no' : answers.includes('maybe') ? 'maybe' : 'yes';
}

function takes({ value, mask, at }: Selector, packet: Passing): Answer {
  const word = familyOf(packet.source) === 6 ? word6(packet, at, mask) : word4(packet, at, mask);
  if (word === undefined) return 'maybe';
  return (word & mask) >>> 0 === (value & mask) >>> 0 ? 'yes' : 'no';
}

/** 32 bits of a packet as far as the mask asks for them; `undefined` where they are not known. */
function word4(packet: Passing, at: number, mask: number): number | undefined {
  switch (at) {
    case 12:
      return addressWord(packet.source, 0);
    case 16:
      return addressWord(packet.destination, 0);
    case 8:
      return (mask & ~0xff0000) === 0 ? shifted(numberOf(packet, 0), 16) : undefined;
    case 20:
      return transportWord(packet, mask, 0);
    default:
      return undefined;
  }
}

function word6(packet: Passing, at: number, mask: number): number | undefined {
  if (at === 4) return (mask & ~0xff00) === 0 ? shifted(numberOf(packet, 1), 8) : undefined;
  if (at === 40) return transportWord(packet, mask, 1);
  if (at >= 8 && at < 24) return addressWord(packet.source, (at - 8) / 4);
  return at >= 24 && at < 40 ? addressWord(packet.destination, (at - 24) / 4) : undefined;
}

function numberOf({ protocol }: Passing, family: 0 | 1): number | undefined {
  return protocol === undefined ? undefined : NUMBERS[protocol]?.[family];
}

/** Ports, or the type of an ICMP message. */
function transportWord(packet: Passing, mask: number, family: 0 | 1): number | undefined {
  const { protocol, port, sourcePort, icmp } = packet;
  if (protocol === 'icmp')
    return (mask & 0xffffff) === 0 && icmp !== undefined ? shifted(ICMP_TYPES[icmp][family], 24) : undefined;
  if (mask >>> 0 === 0xffff) return port ?? (sourcePort === undefined ? undefined : 0);
  return mask >>> 0 === 0xffff0000 ? (shifted(sourcePort, 16) ?? (port === undefined ? undefined : 0)) : undefined;
}

function shifted(value: number | undefined, by: number): number | undefined {
  return value === undefined ? undefined : (value << by) >>> 0;
}

function addressWord(address: string | undefined, index: number): number | undefined {
  if (address === undefined || familyOf(address) === undefined) return undefined;
  const bytes =
    familyOf(address) === 6 ? new Address6(bare(address)).toByteArray() : new Address4(bare(address)).toArray();
  const whole = familyOf(address) === 6 ? [...Array<number>(16 - bytes.length).fill(0), ...bytes] : bytes;
  return whole.slice(index * 4, index * 4 + 4).reduce((word, byte) => ((word << 8) | (byte & 0xff)) >>> 0, 0);
}

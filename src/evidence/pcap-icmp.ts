import type { PacketContent, QuotedPacket } from './facts.js';
import { ipv4At, ipv6At } from './pcap-bytes.js';

type IcmpContent = Extract<PacketContent, { kind: 'icmp' }>;

const ICMP_TYPES: Readonly<Record<number, IcmpContent['type']>> = {
  0: 'echo-reply',
  3: 'unreachable',
  5: 'redirect',
  8: 'echo-request',
  11: 'time-exceeded',
};
/** "Packet too big" (2) is a type of its own in IPv6; it alone comes with an MTU. */
const ICMPV6_TYPES: Readonly<Record<number, IcmpContent['type']>> = {
  1: 'unreachable',
  2: 'unreachable',
  3: 'time-exceeded',
  128: 'echo-request',
  129: 'echo-reply',
  134: 'router-advertisement',
  137: 'redirect',
};

/** Where an error quotes the packet it is about; a redirect of IPv6 names two addresses before it, in an option. */
const QUOTE_AT = 8;
const REDIRECT6 = { type: 137, target: 8, options: 40, redirectedHeader: 4 } as const;

/** Decodes an ICMP or ICMPv6 message of at least eight bytes; what it quotes counts as far as it goes. */
export function decodeIcmp(
  ip: Pick<IcmpContent, 'source' | 'destination' | 'ttl'>,
  message: Buffer,
  version: 4 | 6,
): IcmpContent {
  const type = (version === 4 ? ICMP_TYPES : ICMPV6_TYPES)[message[0] ?? 0] ?? 'other';
  const isEcho = type === 'echo-request' || type === 'echo-reply';
  const quoted = isEcho || type === 'other' ? undefined : quotedIn(message, version);
  return {
    kind: 'icmp',
    ...ip,
    type,
    code: message[1] ?? 0,
    ...numbersOf(isEcho ? message : quoted && quotedEcho(quoted)),
    ...(quoted ? saidIn(message, quoted, version) : {}),
  };
}

function numbersOf(echo: Buffer | undefined): Pick<IcmpContent, 'id' | 'sequence'> {
  if (echo === undefined || echo.length < 8) return { id: undefined, sequence: undefined };
  return { id: echo.readUInt16BE(4), sequence: echo.readUInt16BE(6) };
}

/** What an error or redirect says beside its type. */
function saidIn(message: Buffer, quoted: Buffer, version: 4 | 6): Pick<IcmpContent, 'about' | 'mtu' | 'via'> {
  const [about, mtu, via] = [aboutOf(quoted), mtuIn(message, version), newNextHop(message, version)];
  return {
    ...(about ? { about } : {}),
    ...(mtu === undefined ? {} : { mtu }),
    ...(via === undefined ? {} : { via }),
  };
}

/** The packet an error is about: its IP header, then at least 8 bytes of its payload. */
function quotedIn(message: Buffer, version: 4 | 6): Buffer | undefined {
  if (version === 4 || message[0] !== REDIRECT6.type) return message.subarray(QUOTE_AT);
  for (let at = REDIRECT6.options; at + 8 <= message.length; at += 8 * Math.max(1, message[at + 1] ?? 0))
    if (message[at] === REDIRECT6.redirectedHeader) return message.subarray(at + 8);
  return undefined;
}

interface QuotedHeader {
  readonly source: string;
  readonly destination: string;
  readonly protocol: number;
  readonly payload: Buffer;
}

function headerOf(quoted: Buffer): QuotedHeader | undefined {
  const version = (quoted[0] ?? 0) >> 4;
  const length = version === 4 ? ((quoted[0] ?? 0) & 0xf) * 4 : 40;
  if (quoted.length < Math.max(length, 20)) return undefined;
  if (version === 4)
    return {
      source: ipv4At(quoted, 12),
      destination: ipv4At(quoted, 16),
      protocol: quoted[9] ?? 0,
      payload: quoted.subarray(length),
    };
  if (version !== 6) return undefined;
  return {
    source: ipv6At(quoted, 8),
    destination: ipv6At(quoted, 24),
    protocol: quoted[6] ?? 0,
    payload: quoted.subarray(length),
  };
}

function aboutOf(quoted: Buffer): QuotedPacket | undefined {
  const header = headerOf(quoted);
  if (!header) return undefined;
  const { payload, ...about } = header;
  const hasPorts = (about.protocol === 6 || about.protocol === 17) && payload.length >= 4;
  if (!hasPorts) return about;
  return { ...about, sourcePort: payload.readUInt16BE(0), destinationPort: payload.readUInt16BE(2) };
}

function quotedEcho(quoted: Buffer): Buffer | undefined {
  const header = headerOf(quoted);
  const isIcmp = header?.protocol === 1 || header?.protocol === 58;
  return isIcmp ? header.payload : undefined;
}

/** Routers from before RFC 1191 leave it zero. */
function mtuIn(message: Buffer, version: 4 | 6): number | undefined {
  const [type, code] = message;
  const mtu = version === 4 && type === 3 && code === 4 ? message.readUInt16BE(6) : 0;
  const mtu6 = version === 6 && type === 2 ? message.readUInt32BE(4) : 0;
  return mtu || mtu6 || undefined;
}

function newNextHop(message: Buffer, version: 4 | 6): string | undefined {
  if (version === 4) return message[0] === 5 ? ipv4At(message, 4) : undefined;
  if (message[0] !== REDIRECT6.type) return undefined;
  return message.length >= REDIRECT6.target + 16 ? ipv6At(message, REDIRECT6.target) : undefined;
}

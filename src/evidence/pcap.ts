import { bare } from '../ip.js';
import type { Packet, PacketContent } from './facts.js';
import { pcapFrames } from './pcap-file.js';

/**
 * Decodes a capture file. A packet cut short counts as far as it goes; a file cut short ends with its last whole packet.
 *
 * @param ownMacs MAC addresses of the node it was captured on: frames from them went out
 * @throws DoctorError `INPUT_INVALID` when it is not a capture of Ethernet frames
 */
export function decodePcap(file: Buffer, ownMacs: ReadonlySet<string>): readonly Packet[] {
  const packets: Packet[] = [];
  let began: number | undefined;
  for (const { atMs, bytes } of pcapFrames(file)) {
    began ??= atMs;
    const packet = decodeFrame(bytes, ownMacs);
    if (packet) packets.push({ atMs: Math.round((atMs - began) * 1000) / 1000, ...packet });
  }
  return packets;
}

function decodeFrame(frame: Buffer, ownMacs: ReadonlySet<string>): Omit<Packet, 'atMs'> | undefined {
  if (frame.length < 14) return undefined;
  const [targetMac, sourceMac] = [mac(frame, 0), mac(frame, 6)];
  const tagged = frame.readUInt16BE(12) === 0x8100 && frame.length >= 18;
  const payload = frame.subarray(tagged ? 18 : 14);
  return {
    direction: ownMacs.has(sourceMac) ? 'out' : 'in',
    sourceMac,
    targetMac,
    vlan: tagged ? frame.readUInt16BE(14) & 0xfff : undefined,
    content: decodePayload(frame.readUInt16BE(tagged ? 16 : 12), payload),
  };
}

function decodePayload(etherType: number, payload: Buffer): PacketContent {
  const other: PacketContent = { kind: 'other', etherType };
  if (etherType === 0x0806 && payload.length >= 28) return decodeArp(payload);
  if (etherType === 0x0800 && payload.length >= 20) return decodeIpv4(payload) ?? other;
  if (etherType === 0x86dd && payload.length >= 40) return decodeIpv6(payload);
  return other;
}

function decodeArp(arp: Buffer): PacketContent {
  return {
    kind: 'arp',
    operation: arp.readUInt16BE(6) === 1 ? 'request' : 'reply',
    senderMac: mac(arp, 8),
    sender: ipv4(arp, 14),
    target: ipv4(arp, 24),
  };
}

interface Ip {
  readonly source: string;
  readonly destination: string;
  readonly ttl: number;
}

function decodeIpv4(packet: Buffer): PacketContent | undefined {
  const header = ((packet[0] ?? 0) & 0xf) * 4;
  if (header < 20 || packet.length < header) return undefined;
  const ip = { source: ipv4(packet, 12), destination: ipv4(packet, 16), ttl: packet[8] ?? 0 };
  const isFragment = (packet.readUInt16BE(6) & 0x1fff) !== 0;
  const protocol = packet[9] ?? 0;
  if (isFragment) return { kind: 'ip', source: ip.source, destination: ip.destination, protocol };
  return decodeTransport(ip, protocol, packet.subarray(header));
}

function decodeIpv6(packet: Buffer): PacketContent {
  const ip = { source: ipv6(packet, 8), destination: ipv6(packet, 24), ttl: packet[7] ?? 0 };
  const protocol = packet[6] ?? 0;
  const payload = packet.subarray(40);
  const type = payload[0] ?? 0;
  if (protocol === 58 && (type === 135 || type === 136) && payload.length >= 24) {
    return { kind: 'nd', operation: type === 135 ? 'request' : 'reply', sender: ip.source, target: ipv6(payload, 8) };
  }
  return decodeTransport(ip, protocol, payload);
}

function decodeTransport(ip: Ip, protocol: number, payload: Buffer): PacketContent {
  if (protocol === 1 && payload.length >= 8) return decodeIcmp(ip, payload, ICMP_TYPES);
  if (protocol === 58 && payload.length >= 8) return decodeIcmp(ip, payload, ICMPV6_TYPES);
  if ((protocol === 6 && payload.length >= 14) || (protocol === 17 && payload.length >= 4)) {
    return {
      kind: protocol === 6 ? 'tcp' : 'udp',
      ...ip,
      sourcePort: payload.readUInt16BE(0),
      destinationPort: payload.readUInt16BE(2),
      flags: protocol === 6 ? tcpFlags(payload[13] ?? 0) : '',
    };
  }
  return { kind: 'ip', source: ip.source, destination: ip.destination, protocol };
}

type IcmpType = Extract<PacketContent, { kind: 'icmp' }>['type'];

const ICMP_TYPES: Readonly<Record<number, IcmpType>> = {
  0: 'echo-reply',
  3: 'unreachable',
  5: 'redirect',
  8: 'echo-request',
  11: 'time-exceeded',
};
const ICMPV6_TYPES: Readonly<Record<number, IcmpType>> = {
  1: 'unreachable',
  2: 'unreachable',
  3: 'time-exceeded',
  128: 'echo-request',
  129: 'echo-reply',
  137: 'redirect',
};

function decodeIcmp(ip: Ip, payload: Buffer, types: Readonly<Record<number, IcmpType>>): PacketContent {
  const type = types[payload[0] ?? 0] ?? 'other';
  const echo = type === 'echo-request' || type === 'echo-reply' ? payload : complainedAbout(payload);
  return {
    kind: 'icmp',
    ...ip,
    type,
    code: payload[1] ?? 0,
    id: echo && echo.length >= 8 ? echo.readUInt16BE(4) : undefined,
    sequence: echo && echo.length >= 8 ? echo.readUInt16BE(6) : undefined,
  };
}

/** An ICMP error quotes the packet it is about: 8 bytes in, its IP header, then at least 8 bytes of its payload. */
function complainedAbout(error: Buffer): Buffer | undefined {
  const quoted = error.subarray(8);
  const version = (quoted[0] ?? 0) >> 4;
  if (version === 4 && quoted[9] === 1) return quoted.subarray(((quoted[0] ?? 0) & 0xf) * 4);
  return version === 6 && quoted[6] === 58 ? quoted.subarray(40) : undefined;
}

function tcpFlags(bits: number): string {
  return ['F', 'S', 'R', 'P', 'A'].filter((_, bit) => bits & (1 << bit)).join('');
}

function mac(bytes: Buffer, at: number): string {
  return [...bytes.subarray(at, at + 6)].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}

function ipv4(bytes: Buffer, at: number): string {
  return bytes.subarray(at, at + 4).join('.');
}

function ipv6(bytes: Buffer, at: number): string {
  const groups = Array.from({ length: 8 }, (_, group) => bytes.readUInt16BE(at + group * 2).toString(16));
  return bare(groups.join(':'));
}

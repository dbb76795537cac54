import type { Packet, PacketContent, TcpSegment } from './facts.js';
import { ipv4At, ipv6At, macAt } from './pcap-bytes.js';
import { decodeIcmp } from './pcap-icmp.js';
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
  const [targetMac, sourceMac] = [macAt(frame, 0), macAt(frame, 6)];
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
    senderMac: macAt(arp, 8),
    sender: ipv4At(arp, 14),
    target: ipv4At(arp, 24),
  };
}

interface Ip {
  readonly source: string;
  readonly destination: string;
  readonly ttl: number;
  /** Bytes after the IP header, also of those that were not captured. */
  readonly payloadBytes: number;
}

function decodeIpv4(packet: Buffer): PacketContent | undefined {
  const header = ((packet[0] ?? 0) & 0xf) * 4;
  if (header < 20 || packet.length < header) return undefined;
  const [source, destination] = [ipv4At(packet, 12), ipv4At(packet, 16)];
  const ip = { source, destination, ttl: packet[8] ?? 0, payloadBytes: packet.readUInt16BE(2) - header };
  const isFragment = (packet.readUInt16BE(6) & 0x1fff) !== 0;
  const protocol = packet[9] ?? 0;
  if (isFragment) return { kind: 'ip', source, destination, protocol };
  return decodeTransport(ip, protocol, packet.subarray(header));
}

function decodeIpv6(packet: Buffer): PacketContent {
  const [source, destination] = [ipv6At(packet, 8), ipv6At(packet, 24)];
  const ip = { source, destination, ttl: packet[7] ?? 0, payloadBytes: packet.readUInt16BE(4) };
  const protocol = packet[6] ?? 0;
  const payload = packet.subarray(40);
  const type = payload[0] ?? 0;
  if (protocol === 58 && (type === 135 || type === 136) && payload.length >= 24) {
    return { kind: 'nd', operation: type === 135 ? 'request' : 'reply', sender: source, target: ipv6At(payload, 8) };
  }
  return decodeTransport(ip, protocol, payload);
}

function decodeTransport(ip: Ip, protocol: number, payload: Buffer): PacketContent {
  const { source, destination, ttl } = ip;
  if (protocol === 1 && payload.length >= 8) return decodeIcmp({ source, destination, ttl }, payload, 4);
  if (protocol === 58 && payload.length >= 8) return decodeIcmp({ source, destination, ttl }, payload, 6);
  if ((protocol === 6 && payload.length >= 14) || (protocol === 17 && payload.length >= 4)) {
    return {
      kind: protocol === 6 ? 'tcp' : 'udp',
      ...{ source, destination, ttl },
      sourcePort: payload.readUInt16BE(0),
      destinationPort: payload.readUInt16BE(2),
      flags: protocol === 6 ? tcpFlags(payload[13] ?? 0) : '',
      ...(protocol === 6 ? { segment: segmentOf(ip, payload) } : {}),
    };
  }
  return { kind: 'ip', source, destination, protocol };
}

/** How much data it carries follows from the IP header: of a long packet only the beginning is kept. */
function segmentOf({ payloadBytes }: Ip, tcp: Buffer): TcpSegment {
  const header = ((tcp[12] ?? 0) >> 4) * 4;
  return {
    sequence: tcp.readUInt32BE(4),
    acknowledges: tcp.readUInt32BE(8),
    dataBytes: Math.max(0, payloadBytes - header),
  };
}

function tcpFlags(bits: number): string {
  return ['F', 'S', 'R', 'P', 'A'].filter((_, bit) => bits & (1 << bit)).join('');
}

import { Address6 } from 'ip-address';
import { bare } from '../../ip.js';
import { pcapFrames, writePcap, type Frame } from '../pcap-file.js';
import type { Redactor } from './redact.js';

const ETHERNET = 14;
const TAG = 4;
/** Bytes kept of TCP, UDP and ICMP: ports, flags, identifiers, and nothing of what was said. */
const HEADERS: Readonly<Record<number, number>> = { 1: 8, 6: 20, 17: 8, 58: 8 };
const NEIGHBOUR_DISCOVERY = { from: 135, to: 136, target: 8 } as const;

/**
 * A capture with addresses renamed as in the evidence, and cut to its headers: what people said to each other is gone. Checksums
 * of IP are right again; those above it are not, because their packets end early.
 *
 * @throws DoctorError `INPUT_INVALID` when it is not a capture of Ethernet frames
 */
export function redactCapture(file: Buffer, redactor: Redactor): Buffer {
  return writePcap([...pcapFrames(file)].map((frame) => ({ ...frame, bytes: redactFrame(frame, redactor) })));
}

function redactFrame({ bytes }: Frame, redactor: Redactor): Buffer {
  if (bytes.length < ETHERNET) return Buffer.alloc(0);
  const frame = Buffer.from(bytes);
  renameMac(frame, 0, redactor);
  renameMac(frame, 6, redactor);
  const tagged = frame.readUInt16BE(12) === 0x8100 && frame.length >= ETHERNET + TAG;
  const header = ETHERNET + (tagged ? TAG : 0);
  const payload = frame.subarray(header);
  return frame.subarray(0, header + redactPayload(payload, frame.readUInt16BE(header - 2), redactor));
}

/** Renames in place; returns how many bytes of it may stay. */
function redactPayload(payload: Buffer, etherType: number, redactor: Redactor): number {
  if (etherType === 0x0806 && payload.length >= 28) return redactArp(payload, redactor);
  if (etherType === 0x0800 && payload.length >= 20) return redactIpv4(payload, redactor);
  if (etherType === 0x86dd && payload.length >= 40) return redactIpv6(payload, redactor);
  return 0;
}

function redactArp(arp: Buffer, redactor: Redactor): number {
  for (const at of [8, 18]) renameMac(arp, at, redactor);
  for (const at of [14, 24]) renameIpv4(arp, at, redactor);
  return 28;
}

function redactIpv4(packet: Buffer, redactor: Redactor): number {
  const header = ((packet[0] ?? 0) & 0xf) * 4;
  // Options may hold addresses of the path.
  if (header !== 20) return 0;
  for (const at of [12, 16]) renameIpv4(packet, at, redactor);
  packet.writeUInt16BE(0, 10);
  packet.writeUInt16BE(checksum(packet.subarray(0, header)), 10);
  if ((packet.readUInt16BE(6) & 0x1fff) !== 0) return header;
  return header + redactAbove(packet.subarray(header), packet[9] ?? 0, redactor);
}

function redactIpv6(packet: Buffer, redactor: Redactor): number {
  for (const at of [8, 24]) renameIpv6(packet, at, redactor);
  return 40 + redactAbove(packet.subarray(40), packet[6] ?? 0, redactor);
}

/** Of what is above IP the header stays; of an ICMP error also those of the packet it is about. */
function redactAbove(above: Buffer, protocol: number, redactor: Redactor): number {
  const kept = Math.min(HEADERS[protocol] ?? 0, above.length);
  const type = above[0] ?? 0;
  const { from, to, target } = NEIGHBOUR_DISCOVERY;
  if (protocol === 58 && type >= from && type <= to && above.length >= target + 16) {
    renameIpv6(above, target, redactor);
    return target + 16;
  }
  if (protocol === 1 && isError4(type) && above.length >= 28) return redactError(above, redactor);
  if (protocol === 58 && type < 128 && above.length >= 48) return 8 + redactIpv6(above.subarray(8), redactor);
  return kept;
}

function isError4(type: number): boolean {
  return type === 3 || type === 5 || type === 11;
}

/** A redirect names a gateway where other errors have nothing of interest. */
function redactError(error: Buffer, redactor: Redactor): number {
  if (error[0] === 5) renameIpv4(error, 4, redactor);
  return 8 + redactIpv4(error.subarray(8), redactor);
}

function renameMac(bytes: Buffer, at: number, redactor: Redactor): void {
  const octets = [...bytes.subarray(at, at + 6)].map((octet) => octet.toString(16).padStart(2, '0'));
  Buffer.from(redactor.mac(octets.join(':')).replaceAll(':', ''), 'hex').copy(bytes, at);
}

function renameIpv4(bytes: Buffer, at: number, redactor: Redactor): void {
  const renamed = redactor.address(bytes.subarray(at, at + 4).join('.'));
  Buffer.from(renamed.split('.').map(Number)).copy(bytes, at);
}

function renameIpv6(bytes: Buffer, at: number, redactor: Redactor): void {
  const groups =
    bytes
      .subarray(at, at + 16)
      .toString('hex')
      .match(/.{4}/g) ?? [];
  const renamed = redactor.address(bare(groups.join(':')));
  Buffer.from(new Address6(renamed).canonicalForm().replaceAll(':', ''), 'hex').copy(bytes, at);
}

/** The Internet checksum. */
function checksum(header: Buffer): number {
  let sum = 0;
  for (let at = 0; at + 1 < header.length; at += 2) sum += header.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

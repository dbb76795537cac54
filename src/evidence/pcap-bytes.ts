import { bare } from '../ip.js';

/** A MAC address at a place in a frame. */
export function macAt(bytes: Buffer, at: number): string {
  return [...bytes.subarray(at, at + 6)].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}

/** An IPv4 address at a place in a packet. */
export function ipv4At(bytes: Buffer, at: number): string {
  return bytes.subarray(at, at + 4).join('.');
}

/** An IPv6 address at a place in a packet, in its short form. */
export function ipv6At(bytes: Buffer, at: number): string {
  const groups = Array.from({ length: 8 }, (_, group) => bytes.readUInt16BE(at + group * 2).toString(16));
  return bare(groups.join(':'));
}

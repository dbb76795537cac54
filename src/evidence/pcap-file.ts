import { DoctorError } from '../errors.js';

/** Magic numbers of the classic capture format: microseconds and nanoseconds, in either byte order. */
const MAGIC: Readonly<Record<number, { readonly little: boolean; readonly perMs: number }>> = {
  0xa1b2c3d4: { little: false, perMs: 1000 },
  0xd4c3b2a1: { little: true, perMs: 1000 },
  0xa1b23c4d: { little: false, perMs: 1_000_000 },
  0x4d3cb2a1: { little: true, perMs: 1_000_000 },
};

const FILE_HEADER = 24;
const PACKET_HEADER = 16;
const ETHERNET = 1;
const SNAPSHOT_BYTES = 262_144;

/** One captured frame. */
export interface Frame {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** As much of it as was kept. */
  readonly bytes: Buffer;
  /** How long it was on the wire. */
  readonly length: number;
}

/**
 * The frames of a capture file; one that was cut short ends with its last whole frame.
 *
 * @see https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcap/
 * @throws DoctorError `INPUT_INVALID` when it is not a capture of Ethernet frames
 */
export function* pcapFrames(file: Buffer): Generator<Frame> {
  const format = file.length >= FILE_HEADER ? MAGIC[file.readUInt32BE(0)] : undefined;
  const read = (at: number) => (format?.little ? file.readUInt32LE(at) : file.readUInt32BE(at));
  if (!format || (read(20) & 0xffff) !== ETHERNET) {
    throw new DoctorError('INPUT_INVALID', 'This is not a pcap file of Ethernet frames.');
  }
  for (let at = FILE_HEADER; at + PACKET_HEADER <= file.length;) {
    const end = at + PACKET_HEADER + read(at + 8);
    if (end > file.length) return;
    const atMs = read(at) * 1000 + read(at + 4) / format.perMs;
    yield { atMs, bytes: file.subarray(at + PACKET_HEADER, end), length: read(at + 12) };
    at = end;
  }
}

/** A capture file of frames, with microseconds. */
export function writePcap(frames: readonly Frame[]): Buffer {
  const words = (...values: readonly number[]) => {
    const bytes = Buffer.alloc(4 * values.length);
    values.forEach((value, index) => bytes.writeUInt32LE(value, 4 * index));
    return bytes;
  };
  const header = words(0xa1b2c3d4, 0x0004_0002, 0, 0, SNAPSHOT_BYTES, ETHERNET);
  const packets = frames.flatMap(({ atMs, bytes, length }) => {
    const seconds = Math.floor(atMs / 1000);
    return [words(seconds, Math.round((atMs - seconds * 1000) * 1000), bytes.length, length), bytes];
  });
  return Buffer.concat([header, ...packets]);
}

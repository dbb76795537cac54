import type { Packet } from './facts.js';
import { pcapFrames } from './pcap-file.js';
import { decodePcap } from './pcap.js';

/** Bytes of a capture file before its first frame, and before each frame. */
const FILE_HEADER = 24;
const FRAME_HEADER = 16;

/** A capture file as it comes, piece for piece. */
export class PcapStream {
  readonly #pieces: Buffer[] = [];
  #rest: Buffer = Buffer.alloc(0);
  #header: Buffer | undefined;

  /**
   * The packets that a piece completes, in order. Without MAC addresses to tell by, all of them count as having come in.
   *
   * @throws DoctorError `INPUT_INVALID` when it is not a capture of Ethernet frames
   */
  take(piece: Buffer): readonly Packet[] {
    this.#pieces.push(piece);
    this.#rest = Buffer.concat([this.#rest, piece]);
    if (this.#header === undefined) {
      if (this.#rest.length < FILE_HEADER) return [];
      this.#header = this.#rest.subarray(0, FILE_HEADER);
      this.#rest = this.#rest.subarray(FILE_HEADER);
    }
    const part = Buffer.concat([this.#header, this.#rest]);
    const whole = [...pcapFrames(part)].reduce((sum, { bytes }) => sum + FRAME_HEADER + bytes.length, 0);
    this.#rest = this.#rest.subarray(whole);
    return decodePcap(part, new Set());
  }

  /** Everything so far. */
  get file(): Buffer {
    return Buffer.concat(this.#pieces);
  }
}

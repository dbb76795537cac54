import { expect } from 'chai';
import fc from 'fast-check';
import { writePcap } from '../../src/evidence/pcap-file.js';
import { PcapStream } from '../../src/evidence/pcap-stream.js';

/** A TCP segment from 192.168.0.50, of which only the client's port differs. */
function segment(port: number): Buffer {
  const [ethernet, ip] = ['020000000001020000000002' + '0800', '450000280000000040060000c0a80032c0a80064'];
  return Buffer.from(
    `${ethernet}${ip}${port.toString(16).padStart(4, '0')}1fb000000000000000005002000000000000`,
    'hex',
  );
}

describe('a capture file as it comes', () => {
  const ports = [50_001, 50_002, 50_003];
  const file = writePcap(ports.map((port, at) => ({ atMs: at, bytes: segment(port), length: 54 })));

  it('gives each packet once, for any size of pieces, and the whole file in the end', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: file.length }), { maxLength: 8 }), (cuts) => {
        const stream = new PcapStream();
        const ends = [...cuts, file.length].sort((a, b) => a - b);
        const packets = ends.flatMap((end, at) => stream.take(file.subarray(ends[at - 1] ?? 0, end)));
        expect(packets.map(({ content }) => 'sourcePort' in content && content.sourcePort)).to.deep.equal(ports);
        expect(stream.file.equals(file)).to.equal(true);
      }),
    );
  });
});

import type { Capture, Packet, PacketContent } from '../../../src/evidence/facts.js';
import { Observations } from '../../../src/network/observations/observations.js';

/** A packet that came in, with what matters alone: the rest is of no account. */
export function packet(content: PacketContent, rest: Partial<Packet> = {}): Packet {
  return {
    ...{ atMs: 0, direction: 'in', vlan: undefined, content },
    ...{ sourceMac: '02:00:00:00:00:01', targetMac: '02:00:00:00:00:02', ...rest },
  };
}

/** What was observed, where one device of the host captured these packets. */
export function capturedAt(node: string, device: string, packets: readonly Packet[]): Observations {
  const capture: Capture = { node, device, control: 'seen', packets, file: undefined };
  return new Observations({ captures: [capture] });
}

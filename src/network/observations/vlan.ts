import type { Capture, Packet } from '../../evidence/facts.js';
import { perCapture } from './per-capture.js';

/** A packet that needs a reply left, nothing came in, and the capture saw its control. */
export function receivesNothing(capture: Capture | undefined): boolean {
  if (capture?.control !== 'seen') return false;
  const asked = capture.packets.some((packet) => packet.direction === 'out' && wantsAnswer(packet));
  return asked && !capture.packets.some(({ direction }) => direction === 'in');
}

/** Requests to neighbours and unicast frames need a reply; router solicitations and the like go to a group. */
function wantsAnswer({ content, targetMac }: Packet): boolean {
  if (content.kind === 'arp' || content.kind === 'nd') return content.operation === 'request';
  return Number.parseInt(targetMac.slice(0, 2), 16) % 2 === 0;
}

const framesByTag = perCapture(() => new Map<number | undefined, Capture>());

/** The frames of one VLAN, or the untagged ones. The same for the same capture, so that what is found in it can be remembered. */
export function withTag(capture: Capture, tag: number | undefined): Capture {
  const known = framesByTag(capture);
  const tagged = known.get(tag) ?? { ...capture, packets: capture.packets.filter(({ vlan }) => vlan === tag) };
  known.set(tag, tagged);
  return tagged;
}

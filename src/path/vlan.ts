import type { Capture } from '../evidence/facts.js';

/** Something left, nothing came in, and whoever looked was awake. */
export function isSilent(capture: Capture | undefined): boolean {
  if (capture?.control !== 'seen') return false;
  const directions = new Set(capture.packets.map(({ direction }) => direction));
  return directions.has('out') && !directions.has('in');
}

/** The frames of one VLAN, or the untagged ones. */
export function withTag(capture: Capture, tag: number | undefined): Capture {
  return { ...capture, packets: capture.packets.filter(({ vlan }) => vlan === tag) };
}

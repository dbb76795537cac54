import type { Capture } from '../../evidence/facts.js';
import { receivesNothing, withTag } from '../../network/observations/vlan.js';
import type { Interface } from '../path.js';
import type { Known } from '../known.js';

/** What was captured on a link. A VLAN link's frames are those with its tag on the link below; the others are untagged. */
export function captureOn({ network, observed }: Known, { node, device }: Interface): Capture | undefined {
  const exact = observed.capture(node, device);
  if (exact) return withTag(exact, undefined);
  const link = network.links.link(node, device);
  const below = observed.captures.find(
    (capture) => capture.node === node && (capture.device === link?.lower || device.startsWith(`${capture.device}.`)),
  );
  return below && withTag(below, link?.vlan ?? Number(device.split('.')[1]));
}

/** Whether frames with a VLAN link's tag were seen to leave, and never one to come in. */
export function isTagUnanswered(known: Known, link: Interface): boolean {
  const { vlan } = known.network.links.link(link.node, link.device) ?? {};
  return vlan !== undefined && receivesNothing(captureOn(known, link));
}

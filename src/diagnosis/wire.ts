import type { Capture } from '../evidence/facts.js';
import { sameAddress } from '../ip.js';
import { sightingOf, sourcesOf, type Sighting } from '../path/sighting.js';
import type { Flow } from './flow.js';

/** The capture a node took, on one device or on whichever there is. */
export function captureAt(captures: readonly Capture[], node: string, device?: string): Capture | undefined {
  return captures.find((capture) => capture.node === node && (device === undefined || capture.device === device));
}

/** A flow as one vantage point saw it. */
export function sighting({ probe, from, to }: Flow, capture: Capture | undefined): Sighting {
  return sightingOf({ tag: probe.tag, from: from.address, to: to.address }, capture);
}

/** Whether packets of a flow were seen under another source address than its sender's: something translated it. */
export function isTranslated(flow: Flow, capture: Capture | undefined): boolean {
  return sourcesOf(sighting(flow, capture).requests).some((source) => !sameAddress(source, flow.from.address));
}

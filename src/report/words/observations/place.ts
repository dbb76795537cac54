import type { Place } from '../../../diagnosis/observation.js';

export function placeText({ node, device }: Place): string {
  return device === undefined ? node : `${device} on ${node}`;
}

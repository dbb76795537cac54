import type { NetworkState } from '../../network/network-state.js';
import type { Observation } from '../observation.js';

/** How it came to be known what the Docker host runs on; nothing where that is not known. */
export function platformSeen({ names }: NetworkState): readonly Observation[] {
  const { hostName: node, platform } = names;
  return platform ? [{ kind: 'platform', node, product: platform.product, origin: platform.origin }] : [];
}

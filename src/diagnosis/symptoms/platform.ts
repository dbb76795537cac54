import type { PlatformFact } from '../../evidence/facts.js';
import type { NetworkState } from '../../network/network-state.js';
import type { Observed } from '../cause.js';
import type { Observation } from '../observation.js';

/** What the Docker host runs on; `undefined` where that is not known. */
export function platformOf({ network }: Pick<Observed, 'network'>): PlatformFact | undefined {
  return network.names.platform;
}

/** How the platform came to be known; nothing where it is not. */
export function platformSeen({ names }: NetworkState): readonly Observation[] {
  const { hostName: node, platform } = names;
  return platform ? [{ kind: 'platform', node, product: platform.product, origin: platform.origin }] : [];
}

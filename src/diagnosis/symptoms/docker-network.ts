import type { NetworkFact } from '../../evidence/facts.js';
import type { Observation } from '../observation.js';

/** A Docker network as its configuration says it is. */
export function networkSeen({ name: network, driver, mode, parent }: NetworkFact): Observation {
  return { kind: 'docker-network', network, driver, mode, parent };
}

import type { AddressObservation } from './observations/address.js';
import type { ContainerObservation } from './observations/container.js';
import type { FirewallObservation } from './observations/firewall.js';
import type { GatewayObservation } from './observations/gateway.js';
import type { HostObservation } from './observations/host.js';
import type { LinkObservation } from './observations/link.js';
import type { TrafficObservation } from './observations/traffic.js';

export type { Place } from './observations/place.js';

/**
 * One thing that was seen, and where: what a found cause rests on. Sentences are made of it in `report/words/`; nothing reads
 * them. The program or file that shows it is part of the sentence of its kind.
 */
export type Observation =
  | TrafficObservation
  | LinkObservation
  | AddressObservation
  | ContainerObservation
  | HostObservation
  | FirewallObservation
  | GatewayObservation;

/** Each observation once, at its first place. */
export function distinctObservations(observations: readonly Observation[]): readonly Observation[] {
  return [...new Map(observations.map((one) => [JSON.stringify(one), one])).values()];
}

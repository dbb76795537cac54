import type { Firewall } from '../../evidence/facts.js';
import { placesBlocking } from '../../network/filter.js';
import { distinctPlaces, isPlace, type ChainPlace } from '../../network/packet-filter.js';
import type { Flow } from '../flow.js';
import type { AllowChange } from './changes/allow.js';
import { packetOf, trafficOf, type Passage, type Traffic } from './traffic.js';

/**
 * Accepts traffic at the head of one chain. It has to be the very chain that decides otherwise: an accept in one base
 * chain does not stop what another one of the same hook does.
 */
export function acceptAtHead(at: ChainPlace, node: string, traffic: readonly Traffic[]): readonly AllowChange[] {
  const family = { ip: 4, ip6: 6 }[at.family];
  return traffic
    .filter((one) => family === undefined || family === one.family)
    .map((one) => ({ kind: 'allow', on: node, at, traffic: one }));
}

/** A direction of a flow that one chain drops. */
export interface BlockedPassage extends Passage {
  readonly at: ChainPlace;
}

/** A filter that a flow's request crosses, by which links, with the chains that drop it. */
interface Crossed {
  readonly firewall: Firewall;
  readonly hooks: readonly string[];
  readonly places: readonly ChainPlace[];
  readonly inDevice: string | undefined;
  readonly outDevice: string | undefined;
}

/** The request in the chains that drop it, and the reply in those that would drop this too. */
export function blockedBothWays(
  flow: Flow,
  { firewall, hooks, places, inDevice, outDevice }: Crossed,
): readonly BlockedPassage[] {
  const reply = { ...packetOf(flow, 'reply'), inDevice: outDevice, outDevice: inDevice, state: 'established' as const };
  return [
    ...distinctPlaces(places).map((at) => ({ flow, part: 'request' as const, at })),
    ...placesBlocking(firewall, hooks, reply).map((at) => ({ flow, part: 'reply' as const, at })),
  ];
}

/** Accepts in each chain what that chain drops. */
export function acceptBlocked(node: string, blocked: readonly BlockedPassage[]): readonly AllowChange[] {
  return distinctPlaces(blocked.map(({ at }) => at)).flatMap((place) =>
    acceptAtHead(place, node, trafficOf(blocked.filter(({ at }) => isPlace(at, place)))),
  );
}

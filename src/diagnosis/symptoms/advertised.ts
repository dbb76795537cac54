import type { NetworkFact } from '../../evidence/facts.js';
import { isLayer3 } from '../../network/networks.js';
import type { Observed } from '../cause.js';
import type { Observation } from '../observation.js';
import type { WithoutIpv6 } from './without-ipv6.js';

/** IPv6 that a router advertises on the parent of a container's network, which has no IPv6 subnet itself. */
export interface Advertised {
  readonly network: NetworkFact;
  readonly parent: string;
  readonly seen: Observation;
}

/**
 * Whether a router advertises IPv6 where a container without it is attached: the host has a route from such an advertisement, or
 * the parent saw one. In L3 no advertisement reaches a container.
 */
export function advertisedTo(
  { network: { names, routing }, observed }: Pick<Observed, 'network' | 'observed'>,
  { container, device }: WithoutIpv6,
): Advertised | undefined {
  // Docker gave it an address: IPv6 was turned off for another reason.
  if (device !== undefined) return undefined;
  const node = names.hostName;
  for (const network of names.networksOf(container?.name)) {
    const { parent } = network;
    if (parent === undefined || network.driver === 'bridge' || network.internal || isLayer3(network)) continue;
    const learned = routing.routes(node)?.find((one) => one.device === parent && one.learned === 'ra');
    if (learned) {
      const { destination, via } = learned;
      return { network, parent, seen: { kind: 'advertised-route', at: { node, device: parent }, destination, via } };
    }
    const packet = observed
      .capture(node, parent)
      ?.packets.find(({ content }) => content.kind === 'icmp' && content.type === 'router-advertisement');
    if (packet) return { network, parent, seen: { kind: 'router-advertisement', at: { node, device: parent } } };
  }
  return undefined;
}

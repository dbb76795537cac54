import type { Capture, Packet, Route } from '../../evidence/facts.js';
import { contains, familyOf, prefixLength, sameAddress } from '../../ip.js';
import type { CheckPlan } from '../../scenario/plan.js';
import { destinationOf, isToMany } from '../../scenario/to-many.js';
import type { LookRequest } from '../look-request.js';

/**
 * Whether a capture saw a packet that certainly was sent, so that the absence of another means something: a marked packet of a
 * probe, or an ARP request from one of the run's addresses for another. Where there is none, one was missed if a probe of
 * the node itself had to leave through the device.
 */
export function controlOf(
  { node, device, packets }: Pick<Capture, 'node' | 'device' | 'packets'>,
  request: LookRequest,
  routes: readonly Route[],
): Capture['control'] {
  const isOurs = recogniser(request);
  if (packets.some(({ content }) => isOurs(content))) return 'seen';
  const leaves = request.probes.some(({ check }) => check.from === node && deviceOf(check, routes) === device);
  return leaves ? 'not seen' : 'none sent';
}

function recogniser({ nodes, probes, firstTag }: LookRequest): (content: Packet['content']) => boolean {
  const addresses = [...nodes.flatMap((node) => node.addresses), ...probes.map(({ check }) => check.to.address)];
  const isTag = (tag: number | undefined) => tag !== undefined && tag >= firstTag && tag < firstTag + probes.length;
  const isAddress = (address: string) => addresses.some((one) => sameAddress(one, address));
  return (content) => {
    if (content.kind === 'icmp') return isTag(content.id);
    if (content.kind === 'tcp' || content.kind === 'udp')
      return isTag(content.sourcePort) || isTag(content.destinationPort);
    return (content.kind === 'arp' || content.kind === 'nd') && isAddress(content.sender) && isAddress(content.target);
  };
}

/** The device a check's packets leave through. Of a datagram to an IPv6 group the table `local` decides: not asked here. */
function deviceOf(check: CheckPlan, routes: readonly Route[]): string | undefined {
  const destination = destinationOf(check);
  return isToMany(check.over) && familyOf(destination) === 6 ? undefined : deviceTowards(destination, routes);
}

/** The device the main table sends an address out by; the most specific route counts, then the lowest metric. */
function deviceTowards(address: string, routes: readonly Route[]): string | undefined {
  const [best] = routes
    .filter(
      ({ table, family, destination }) =>
        table === 'main' && family === familyOf(address) && contains(destination, address),
    )
    .sort((a, b) => prefixLength(b.destination) - prefixLength(a.destination) || a.metric - b.metric);
  return best?.device;
}

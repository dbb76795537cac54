import type { Capture, Packet } from '../../../evidence/facts.js';
import { contains, familyOf, sameAddress } from '../../../ip.js';
import { isLayer3 } from '../../../network/networks.js';
import { destinationOf } from '../../../scenario/to-many.js';
import { placeholder, sh } from '../../../shell.js';
import { advice, defineCause, found, type Observed } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { failing, idsOf } from '../../flow-questions.js';
import type { Observation } from '../../observation.js';

/** Multicast that left a machine on the LAN and did not come in at the parent. */
interface Withheld {
  readonly flow: Flow;
  readonly parent: string;
  /** The group, or the address that was asked for. */
  readonly what: Extract<Observation, { kind: 'multicast-not-received' }>['what'];
  readonly because: readonly Observation[];
}

export const multicastSnoopingDropsSolicitations = defineCause({
  id: 'multicast-snooping-drops-solicitations',
  title: 'A switch with multicast snooping does not deliver multicast to the host',
  layer: 'link',
  kind: 'fault',
  hop: 'lan',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'containers', 'captures'],
  background: `
    A switch with IGMP or MLD snooping forwards multicast only to ports that reported the group. Reports follow queries of a querier, and
    where the VLAN has none, the switch forgets them after minutes. Then a container receives no SSDP and no IPv6 neighbour
    solicitation, which is multicast too: no machine can begin a connection to it over IPv6 until the container itself has sent
    something. Groups in 224.0.0.0/24, such as mDNS over IPv4, and ff02::1 are always forwarded.`,
  see: ['https://www.rfc-editor.org/rfc/rfc4541', 'https://docs.kernel.org/networking/bridge.html'],

  reproduced: {
    by: 'emulation',
    how: "the site's switch forwards to the host's port no multicast but to 224.0.0.0/24 and ff02::1",
  },

  detect(view) {
    const withheld = failing(view.flows).flatMap((flow) => withheldFrom(view, flow) ?? []);
    const [first] = withheld;
    if (!first) return undefined;
    return found({
      about: first.flow,
      detail: first,
      explains: idsOf(withheld.map(({ flow }) => flow)),
      confidence: 'likely',
      because: withheld.flatMap(({ because }) => because),
    });
  },
  explain: ({ flow: { from, to }, parent, what }) =>
    what.kind === 'group'
      ? `${to.label} does not receive what ${from.label} sends to ${what.group}: it leaves ${from.label} and does not arrive at ${parent}, while unicast does.`
      : `${from.label} cannot reach ${to.label}: its neighbour solicitations for ${what.address} do not arrive at ${parent}, while other packets do.`,
  remedy: () => [
    advice('Turn on a querier for the VLAN, at the router or the switch (Cisco; other makers alike)', 'switch', [
      sh`# configure terminal; ip igmp snooping querier; ipv6 mld snooping querier`,
    ]),
    advice('Turn on the querier of a Linux bridge that is the switch', 'switch', [
      sh`ip link set dev ${placeholder('BRIDGE')} type bridge mcast_querier 1`,
    ]),
    advice('Turn off snooping for the VLAN of the host', 'switch', [
      sh`# configure terminal; no ip igmp snooping vlan ${placeholder('VLAN')}; no ipv6 mld snooping vlan ${placeholder('VLAN')}`,
    ]),
  ],
});

/** Only where the host's own capture was awake, and unicast between the same two passes the same cable. */
function withheldFrom(view: Observed, flow: Flow): Withheld | undefined {
  const { network: state, observed } = view;
  const { from, to, network, probe } = flow;
  if (!isOnWire(flow) || !hasUnicast(view, flow)) return undefined;
  const parent = observed.capture(state.names.hostName, network?.parent);
  if (parent?.control !== 'seen') return undefined;
  const group = probe.over.protocol === 'multicast' ? destinationOf(probe) : undefined;
  if (group === undefined ? familyOf(to.address) !== 6 : isFlooded(group)) return undefined;
  const isIt = (packet: Packet) =>
    group === undefined ? asksFor(packet, to.address) : isDatagram(packet, probe.tag, group);
  const sent = observed.captures.find(
    (capture: Capture) =>
      capture.node === from.node?.name && capture.packets.some((packet) => packet.direction === 'out' && isIt(packet)),
  );
  if (!sent || parent.packets.some(isIt)) return undefined;
  const what =
    group === undefined ? { kind: 'address' as const, address: to.address } : { kind: 'group' as const, group };
  const [at, leaves] = [parent, sent].map(({ node, device }) => ({ node, device }));
  if (!at || !leaves) return undefined;
  return {
    ...{ flow, parent: parent.device, what },
    because: [{ kind: 'multicast-not-received', at, sender: leaves, what }],
  };
}

/** A flow from a machine on the LAN to a container that the LAN sees as a machine of its own. */
function isOnWire({ from, network, outbound }: Flow): boolean {
  const isOutside = from.node?.kind === 'peer' || from.node?.kind === 'gateway';
  return !outbound && isOutside && network?.parent !== undefined && network.driver !== 'bridge' && !isLayer3(network);
}

/** Whether something else arrives between the same two. */
function hasUnicast({ flows }: Observed, { from, container }: Flow): boolean {
  const far = from.node?.name;
  return flows.some(
    (one) =>
      one.arrival === 'all' &&
      one.probe.over.protocol !== 'multicast' &&
      one.container?.name === container?.name &&
      (one.from.node?.name === far || one.to.node?.name === far),
  );
}

/** Groups that every switch forwards to all ports (RFC 4541). */
function isFlooded(group: string): boolean {
  return familyOf(group) === 6 ? sameAddress(group, 'ff02::1') : contains('224.0.0.0/24', group);
}

function asksFor({ content }: Packet, address: string): boolean {
  return content.kind === 'nd' && content.operation === 'request' && sameAddress(content.target, address);
}

function isDatagram({ content }: Packet, tag: number | undefined, group: string): boolean {
  return content.kind === 'udp' && content.sourcePort === tag && sameAddress(content.destination, group);
}

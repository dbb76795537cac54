import type { Capture } from '../../evidence/facts.js';
import { sameAddress } from '../../ip.js';
import { isLayer3 } from '../../network/networks.js';
import { arpFor, sightingOf, sourcesOf, type ArpSeen, type Sighting } from '../../path/observe/sighting.js';
import type { Observed } from '../cause.js';
import type { Flow } from '../flow.js';
import type { Observation } from '../observation.js';

type Seen = Pick<Observed, 'network' | 'observed'>;

/** A flow as one vantage point saw it. */
export function sighting({ probe, from, to }: Flow, capture: Capture | undefined): Sighting {
  return sightingOf({ tag: probe.tag, from: from.address, to: to.address }, capture);
}

/** A flow as the host's capture saw it: on one parent, or on whichever was captured. */
export function onParent({ network, observed }: Seen, flow: Flow, parent?: string): Sighting {
  return sighting(flow, observed.capture(network.names.hostName, parent));
}

/** Where a flow left the gateway outwards, and whether a reply came in there. */
export interface GatewayCrossing {
  readonly gateway: string;
  readonly device: string;
  /** Under which addresses, NAT done. */
  readonly sources: readonly string[];
  readonly answered: boolean;
}

/** Every device of the gateway that a flow was observed to leave through, even if its reply was lost later. */
export function crossingsOf({ network, observed }: Seen, flow: Flow): readonly GatewayCrossing[] {
  return observed.captures
    .filter(({ node }) => node === network.names.gateway?.name)
    .flatMap((capture) => {
      const { requests, replies, reliable } = sighting(flow, capture);
      const answered = replies.some(({ direction }) => direction === 'in');
      const sources = sourcesOf(requests.filter(({ direction }) => direction === 'out'));
      return reliable && sources.length > 0
        ? [{ gateway: capture.node, device: capture.device, sources, answered }]
        : [];
    });
}

/** Whether packets of a flow were seen under another source address than its sender's: something translated it. */
export function isTranslated(flow: Flow, capture: Capture | undefined): boolean {
  return sourcesOf(sighting(flow, capture).requests).some((source) => !sameAddress(source, flow.from.address));
}

/**
 * What the parent saw of asking for an address so that a flow's packets may leave: the container asks itself in L2, in L3
 * the host does. Others on the LAN ask for the same machines all day, and what answers them does not count.
 */
export function arpSeen(
  { network: { names }, observed }: Seen,
  { containerAddress, to }: Flow,
  address = to.address,
): ArpSeen {
  const own = containerAddress === undefined ? [] : [containerAddress];
  return arpFor(observed.capture(names.hostName), address, [...own, ...(names.host?.addresses ?? [])]);
}

/** A flow with what became of it. */
export function flowSeen({ from, to, probe, arrival }: Flow): Observation {
  return { kind: 'flow', from: from.label, to: to.label, over: probe.over, arrives: arrival === 'all' };
}

/** What a machine on the way said by ICMP about a flow that does not arrive; empty where nothing was said. */
export function toldSeen({ paths }: Pick<Observed, 'paths'>, { from, to, probe }: Flow): readonly Observation[] {
  const { told } = paths.ofAny(probe);
  if (!told) return [];
  const { sender, complaint, mtu, seen } = told;
  const ends = { from: from.label, to: to.label };
  return [{ kind: 'icmp-error', at: seen, sender, complaint, ...ends, ...(mtu === undefined ? {} : { mtu }) }];
}

/** ARP for an address that a flow's packets needed, and that got no reply; none where there was a reply, or no request. */
export function unansweredArp(seen: Seen, flow: Flow, address: string | undefined): readonly Observation[] {
  const arp = address === undefined ? undefined : arpSeen(seen, flow, address);
  if (address === undefined || !arp?.asked || arp.answered) return [];
  const host = seen.network.names.hostName;
  const asker = isLayer3(flow.network) ? host : (flow.container?.name ?? flow.from.label);
  return [{ kind: 'unanswered-arp', at: { node: host, device: flow.network?.parent }, asker, address }];
}

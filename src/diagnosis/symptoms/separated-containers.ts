import type { NetworkFact } from '../../evidence/facts.js';
import { contains, familyOf } from '../../ip.js';
import { filtered, placesBlocking } from '../../network/filter.js';
import type { NetworkState } from '../../network/network-state.js';
import { isLayer3 } from '../../network/networks.js';
import type { Decider } from '../../network/packet-filter.js';
import type { Flow } from '../flow.js';
import { subnetOfFlow } from '../flow-questions.js';
import type { BlockedPassage } from '../remedies/allow-traffic.js';
import type { Change } from '../remedies/change.js';
import { packetOf } from '../remedies/traffic.js';

/** Two containers of which one does not have the other on its link. */
export interface Separated {
  readonly flow: Flow;
  readonly network: NetworkFact;
  /** What separates them: a subnet they do not share, or a parent, between which a router filters. */
  readonly by: BySubnet | ByParent;
}

interface BySubnet {
  readonly kind: 'subnet';
  readonly other: string;
  /** The next hop of the sender's route; absent: it has none. */
  readonly via: string | undefined;
  readonly joins: readonly Change[];
}

interface ByParent {
  readonly kind: 'parent';
  readonly other: NetworkFact;
  readonly gateway: string;
  readonly decider: Decider;
  readonly blocked: readonly BlockedPassage[];
}

/** What separates the two containers of a flow; `undefined` when nothing does. */
export function separated(state: NetworkState, flow: Flow): Separated | undefined {
  return acrossSubnets(state, flow) ?? acrossParents(state, flow);
}

/** Siblings in L2 that have no subnet in common, and no on-link route to each other. */
function acrossSubnets(state: NetworkState, flow: Flow): Separated | undefined {
  const { network, peer, containerAddress: own, container, to } = flow;
  if (!network || !container || own === undefined || peer !== 'sibling' || isLayer3(network)) return undefined;
  const subnet = subnetOfFlow(flow);
  const other = network.subnets.find((one) => contains(one.subnet, to.address))?.subnet;
  if (other === undefined || subnet === undefined || other === subnet) return undefined;
  const hop = state.routing.lookup(container.name, { destination: to.address, source: own });
  if (hop?.kind !== 'none' && hop?.kind !== 'via') return undefined;
  const via = hop.kind === 'via' ? hop.gateway : undefined;
  return { flow, network, by: { kind: 'subnet', other, via, joins: onLinkRoutes(state, flow, network) } };
}

/** Each of two containers has the subnet of the other on its link. */
function onLinkRoutes({ addresses }: NetworkState, { from, to }: Flow, { subnets }: NetworkFact): readonly Change[] {
  return [
    [from, to],
    [to, from],
  ].flatMap(([near, far]): Change[] => {
    if (!near || !far) return [];
    const node = near.node?.name ?? '';
    const destination = subnets.find(({ subnet }) => contains(subnet, far.address))?.subnet ?? far.address;
    const device = addresses.linkWith(node, near.address)?.name ?? 'eth0';
    const route = { destination, family: familyOf(far.address) ?? 4, device };
    return [{ kind: 'route', on: node, do: 'replace', route }];
  });
}

/** Containers on two parents, between which the gateway's packet filter drops. */
function acrossParents(state: NetworkState, flow: Flow): Separated | undefined {
  const { network, peer, to } = flow;
  const target = state.names.container(to.node?.name);
  const other = target && state.addresses.networkOf(target, to.address);
  if (!network?.parent || !other?.parent || peer !== 'other-container' || network.parent === other.parent)
    return undefined;
  const filter = filterOfGateway(state, flow);
  return filter && { flow, network, by: { kind: 'parent', other, ...filter } };
}

/** What the gateway's packet filter drops of a flow that it forwards, in both directions; `undefined` when nothing. */
function filterOfGateway(
  state: NetworkState,
  flow: Flow,
): Pick<ByParent, 'gateway' | 'decider' | 'blocked'> | undefined {
  const gateway = state.names.gateway?.name ?? '';
  const firewall = state.firewall(gateway);
  const [to, from] = [flow.to.address, flow.from.address].map((destination) =>
    state.routing.deviceFor(gateway, { destination }),
  );
  if (!firewall || to === undefined || from === undefined) return undefined;
  const request = { ...packetOf(flow, 'request'), inDevice: from, outDevice: to, state: 'new' } as const;
  const reply = { ...packetOf(flow, 'reply'), inDevice: to, outDevice: from, state: 'established' } as const;
  const parts = [
    { part: 'request', packet: request },
    { part: 'reply', packet: reply },
  ] as const;
  const outcomes = parts.map(({ packet }) => filtered(firewall, ['forward'], packet));
  const [decider] = outcomes.flatMap((outcome) => (outcome.kind === 'blocks' ? [outcome.by] : []));
  const blocked = parts.flatMap(({ part, packet }) =>
    placesBlocking(firewall, ['forward'], packet).map((at) => ({ flow, part, at })),
  );
  return decider && { gateway, decider, blocked };
}

import type { NetworkFact } from '../../../evidence/facts.js';
import { contains, familyOf } from '../../../ip.js';
import { filtered, placesBlocking } from '../../../network/filter.js';
import type { NetworkState } from '../../../network/network-state.js';
import { isLayer3 } from '../../../network/networks.js';
import type { Decider } from '../../../network/packet-filter.js';
import { defineCause, found } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { failing, idsOf, subnetOfFlow } from '../../flow-questions.js';
import { distinctObservations, type Observation } from '../../observation.js';
import { acceptBlocked, type BlockedPassage } from '../../remedies/allow-traffic.js';
import { distinctChanges, type Change } from '../../remedies/change.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import { packetOf } from '../../remedies/traffic.js';

/** Two containers of which one does not have the other on its link. */
interface Separated {
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

export const crossParentOrCrossSubnet = defineCause({
  id: 'cross-parent-or-cross-subnet',
  title: 'The containers are in different subnets or on different parents, and no router connects them',
  layer: 'address',
  kind: 'by-design',
  hop: 'container-route',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'containers', 'links', 'routes', 'rules'],
  uses: ['firewall'],
  background: `
    In L2 mode and on macvlan a network may have several subnets. Its containers still need a router between them, as
    machines on one cable do; in L3 mode the parent itself connects them. Containers on different parents, such as two VLANs,
    always reach each other through a router. It may filter: VLANs are often there to keep machines apart.`,
  see: ['https://docs.docker.com/engine/network/drivers/ipvlan/'],

  reproduced: { by: 'scenario' },

  detect({ flows, network }) {
    const all = failing(flows).flatMap((flow) => acrossSubnets(network, flow) ?? acrossParents(network, flow) ?? []);
    const [first] = all;
    if (!first) return undefined;
    return found({
      detail: { first, all },
      explains: idsOf(all.map(({ flow }) => flow)),
      ...(first.by.kind === 'parent' ? { hop: 'gateway-forward' as const } : {}),
      because: distinctObservations(all.map(observation)),
    });
  },
  explain: ({ first: { flow, network, by } }) =>
    by.kind === 'subnet'
      ? `${flow.from.label} cannot reach ${flow.to.label}: ${by.other} is another subnet of ${network.name}, and ${network.driver} ${network.mode} needs a router between them.`
      : `${flow.from.label} cannot reach ${flow.to.label}: ${network.name} is on ${network.parent}, ${by.other.name} is on ${by.other.parent}, and the gateway between them drops the packets.`,
  remedy: ({ first, all }) => [
    {
      title:
        first.by.kind === 'subnet'
          ? 'Add a route to the other subnet on the link of both containers, until they are recreated'
          : 'Let the gateway forward these packets',
      use: 'run',
      commands: distinctChanges([...allowed(all), ...all.flatMap(({ by }) => (by.kind === 'subnet' ? by.joins : []))]),
    },
    ...(first.by.kind === 'subnet' && first.network.driver === 'ipvlan'
      ? [
          recreateNetwork('Recreate the network in mode L3, which connects the subnets of one parent', first.network, {
            mode: 'l3',
          }),
        ]
      : []),
  ],
});

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

function observation({ flow: { container, to }, by }: Separated): Observation {
  if (by.kind === 'parent') return { kind: 'filter-drops', node: by.gateway, hook: 'forward', by: by.decider };
  const at = { node: container?.name ?? '', destination: to.address };
  return by.via === undefined ? { kind: 'no-route', ...at } : { kind: 'route', ...at, via: by.via };
}

/** The gateway between two parents accepts what it dropped. */
function allowed(all: readonly Separated[]): readonly Change[] {
  const filters = all.flatMap(({ by }) => (by.kind === 'parent' ? [by] : []));
  const blocked = filters.flatMap((one) => one.blocked);
  return filters.slice(0, 1).flatMap(({ gateway }) => acceptBlocked(gateway, blocked));
}

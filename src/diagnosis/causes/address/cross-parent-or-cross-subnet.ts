import type { Facts, NetworkFact } from '../../../evidence/facts.js';
import { contains } from '../../../ip.js';
import { lookup } from '../../../network/fib.js';
import { filtered, placesBlocking } from '../../../network/filter.js';
import type { Decider } from '../../../network/packet-filter.js';
import { World } from '../../../network/world.js';
import { defineCause, found, on, type Command } from '../../cause.js';
import { deciderText } from '../../filter-names.js';
import type { Flow } from '../../flow.js';
import { failing, idsOf, subnetOfFlow } from '../../flow-questions.js';
import { isLayer3 } from '../../../network/networks.js';
import { nodeOfKind } from '../../reading.js';
import { distinctChanges } from '../../remedies/change.js';
import type { AllowChange } from '../../remedies/changes/allow.js';
import { acceptBlocked, type BlockedPassage } from '../../remedies/allow-traffic.js';
import { packetOf } from '../../remedies/traffic.js';
import { sh } from '../../../shell.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import { ipFor } from '../../remedies/ip-command.js';

/** Two containers of which one does not have the other on its link. */
interface Divided {
  readonly flow: Flow;
  readonly network: NetworkFact;
  /** What divides them: a subnet they do not share, or a parent, between which a router refuses. */
  readonly by:
    { readonly kind: 'subnet'; readonly other: string } | { readonly kind: 'parent'; readonly refuses: Refusing };
}

interface Refusing {
  readonly other: NetworkFact;
  readonly gateway: string;
  readonly rule: Decider;
  readonly refused: readonly BlockedPassage[];
}

export const crossParentOrCrossSubnet = defineCause({
  id: 'cross-parent-or-cross-subnet',
  title: 'The containers are in different subnets or on different parents, and no router joins them',
  layer: 'address',
  kind: 'by-design',
  hop: 'container-route',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'containers', 'links', 'routes', 'rules'],
  uses: ['firewall'],
  background: `
    In L2 mode and on macvlan a network may have several subnets, and its containers still need a router to get from one to
    the other, as machines on one cable do; in L3 mode the parent itself joins them. Containers on different parents, such
    as two VLANs, always meet by way of a router, which may refuse: keeping VLANs apart is what many are for.`,
  see: ['https://docs.docker.com/engine/network/drivers/ipvlan/'],

  reproduced: { by: 'scenario' },

  detect(facts) {
    const world = new World(facts);
    const divided = failing(facts.flows).flatMap(
      (flow) => acrossSubnets(world, flow) ?? acrossParents(facts, world, flow) ?? [],
    );
    const [first] = divided;
    if (!first) return undefined;
    return found({
      detail: { first, divided, world },
      explains: idsOf(divided.map(({ flow }) => flow)),
      ...(first.by.kind === 'parent' ? { hop: 'gateway-forward' as const } : {}),
      because: [...new Set(divided.map(({ flow, by }) => observation(world, flow, by)))],
    });
  },
  explain: ({ first: { flow, network, by } }) =>
    by.kind === 'subnet'
      ? `${flow.from.label} cannot reach ${flow.to.label}: ${by.other} is another subnet of ${network.name}, and in ${network.driver} ${network.mode} only a router leads there.`
      : `${flow.from.label} cannot reach ${flow.to.label}: ${network.name} is on ${network.parent}, ${by.refuses.other.name} on ${by.refuses.other.parent}, and the gateway between them refuses to pass it on.`,
  remedy: ({ first, divided, world }) => [
    {
      title:
        first.by.kind === 'subnet'
          ? 'Tell both containers that the other subnet is on their link. It does not outlive them'
          : 'Let the gateway pass it on',
      use: 'run',
      commands: distinctChanges([...passed(divided), ...divided.flatMap((one) => join(world, one))]),
    },
    ...(first.by.kind === 'subnet' && first.network.driver === 'ipvlan'
      ? [recreateNetwork('For good: mode L3 joins the subnets of one parent', first.network, { mode: 'l3' })]
      : []),
  ],
});

/** Siblings in L2 that have no subnet in common, and no route that brings them together. */
function acrossSubnets(world: World, flow: Flow): Divided | undefined {
  const { network, peer, containerAddress: own, container, to } = flow;
  if (!network || !container || own === undefined || peer !== 'sibling' || isLayer3(network)) return undefined;
  const subnet = subnetOfFlow(flow);
  const other = network.subnets.find((one) => contains(one.subnet, to.address))?.subnet;
  if (other === undefined || subnet === undefined || other === subnet) return undefined;
  const fib = world.fib(container.name);
  const hop = fib && lookup(fib, { destination: to.address, source: own });
  return hop?.kind === 'none' || hop?.kind === 'via' ? { flow, network, by: { kind: 'subnet', other } } : undefined;
}

/** Containers on two parents, between which the gateway's packet filter is seen to drop. */
function acrossParents(
  { nodes, containers }: Pick<Facts, 'nodes' | 'containers'>,
  world: World,
  flow: Flow,
): Divided | undefined {
  const gateway = nodeOfKind(nodes, 'gateway')?.name ?? '';
  const { network, peer, from, to } = flow;
  const target = containers.find(({ name }) => name === to.node?.name);
  const other = target && world.networkOf(target, to.address);
  if (!network?.parent || !other?.parent || peer !== 'other-container' || network.parent === other.parent)
    return undefined;
  const [fib, firewall] = [world.fib(gateway), world.firewall(gateway)];
  const [there, back] = [to.address, from.address].map((destination) => fib && lookup(fib, { destination }));
  if (!firewall || !there || !back || !('device' in there) || !('device' in back)) return undefined;
  const ways = (['request', 'reply'] as const).map((part) => {
    const [inDevice, outDevice] = part === 'request' ? [back.device, there.device] : [there.device, back.device];
    const state = part === 'request' ? ('new' as const) : ('established' as const);
    const packet = { ...packetOf(flow, part), inDevice, outDevice, state };
    return {
      part,
      outcome: filtered(firewall, ['forward'], packet),
      places: placesBlocking(firewall, ['forward'], packet),
    };
  });
  const refused = ways.flatMap(({ part, places }) => places.map((at) => ({ flow, part, at })));
  const [rule] = ways.flatMap(({ outcome }) => (outcome.kind === 'blocks' ? [outcome.by] : []));
  return rule === undefined
    ? undefined
    : { flow, network, by: { kind: 'parent', refuses: { other, gateway, rule, refused } } };
}

function observation(world: World, { container, to, containerAddress }: Flow, by: Divided['by']): string {
  if (by.kind === 'parent') return `${by.refuses.gateway}: ${deciderText(by.refuses.rule)} drops it.`;
  const fib = world.fib(container?.name ?? '');
  const hop = fib && lookup(fib, { destination: to.address, source: containerAddress });
  return `${container?.name}: its route to ${to.address} ${hop?.kind === 'via' ? `leads to ${hop.gateway}` : 'does not exist'} (ip route get ${to.address}).`;
}

/** What the gateway between two parents drops is accepted there. */
function passed(divided: readonly Divided[]): readonly AllowChange[] {
  const refusals = divided.flatMap(({ by }) => (by.kind === 'parent' ? [by.refuses] : []));
  const refused = refusals.flatMap((one) => one.refused);
  return refusals.slice(0, 1).flatMap(({ gateway }) => acceptBlocked(gateway, refused));
}

function join(world: World, { flow, network, by }: Divided): readonly Command[] {
  if (by.kind === 'parent') return [];
  const ends = [flow.from, flow.to].map(({ node, address }) => ({ node: node?.name ?? '', address }));
  return ends.map(({ node, address }, index) => {
    const far = ends[1 - index]?.address ?? '';
    const subnet = network.subnets.find((one) => contains(one.subnet, far))?.subnet ?? far;
    const ip = ipFor(far);
    const route = sh`${subnet} dev ${world.deviceOf(node, address) ?? 'eth0'}`;
    return on(node, sh`${ip} route replace ${route}`, sh`${ip} route del ${route}`);
  });
}

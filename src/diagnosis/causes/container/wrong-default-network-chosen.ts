import type { NetworkFact } from '../../../evidence/facts.js';
import { contains, familyOf } from '../../../ip.js';
import { isDefault } from '../../../network/default-route.js';
import type { NetworkState } from '../../../network/network-state.js';
import { isLayer3 } from '../../../network/networks.js';
import { placeholder, sh } from '../../../shell.js';
import { advice, defineCause, found, type Observed, type Remedy } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, failing, idsOf } from '../../flow-questions.js';
import type { Observation } from '../../observation.js';
import type { Change } from '../../remedies/change.js';
import { onParent } from '../../symptoms/wire.js';

/** A request that came in through one network, and whose reply leaves through another. */
interface Crossed {
  readonly flow: Flow;
  readonly container: string;
  readonly address: string;
  readonly network: NetworkFact;
  readonly device: string;
  readonly other: NetworkFact;
  readonly otherDevice: string;
  /** Whether the far end is on-link in the other network, where no default route is needed. */
  readonly straight: boolean;
  /** The container's own address on the other network. */
  readonly own: string | undefined;
}

export const wrongDefaultNetworkChosen = defineCause({
  id: 'wrong-default-network-chosen',
  title: 'The container replies through another of its networks',
  layer: 'container',
  kind: 'fault',
  hop: 'container-route',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'containers', 'links', 'routes', 'rules'],
  background: `
    A container on two networks has one default route, and Docker chooses which network gives it: up to Docker 27 the first
    by name, from 28 on also by --gw-priority. A client beyond the gateway of the other network gets a reply that leaves
    through the wrong one. Strict reverse path filters and stateful firewalls drop it there. The LAN itself works, because
    it is on-link.

    A client in the subnet of one of the container's networks that asks for the address on the other gets its reply straight through
    its own network. Ping works. A stateful router between the networks sees only what the client sends: it passes the
    first packet of a TCP connection and drops the rest, so that connections come up and carry no data.`,
  see: [
    'https://docs.docker.com/reference/cli/docker/network/connect/',
    'https://github.com/docker/compose/issues/12170',
  ],

  reproduced: { by: 'scenario' },

  detect(view) {
    const crossed = failing(view.flows).flatMap((flow) => crossedBy(view, flow) ?? []);
    const [first] = crossed;
    if (!first) return undefined;
    const each = [...new Map(crossed.map((one) => [`${one.container} ${one.address}`, one])).values()];
    const seen = onlyRequests(view, first);
    return found({
      detail: { first, each: each.map((one) => ({ ...one, next: nextHop(view.network, one) })) },
      explains: idsOf(crossed.map(({ flow }) => flow)),
      confidence: seen.length > 0 ? 'certain' : 'likely',
      because: [...each.map((one) => repliesElsewhere(one, first.flow.from.address)), ...seen],
    });
  },
  explain: ({ first: { flow, container, address, network, other, straight } }) =>
    straight
      ? `${complaint(flow)}: requests to ${address} come in through ${network.name}, and ${container} replies straight to ${flow.from.address} through ${other.name}, past the router, which drops what follows the first packet.`
      : `${complaint(flow)}: ${container} sends replies from ${address} through its default route, which is on ${other.name} and not on ${network.name}.`,
  remedy: ({ each }) => [
    {
      title:
        'Send replies through the network of their address, with a routing table for each, until the container is recreated',
      use: each.every(({ next }) => next !== undefined) ? 'run' : 'advice',
      changes: each.flatMap((one, index) => ownTable(one, 7000 + index)),
    },
    ...asItIs(each.filter(({ straight }) => straight)),
    ...otherDefault(each.filter(({ straight }) => !straight)),
  ],
});

/** Where the client is on-link: nothing has to change if it asks for the address on its own network. */
function asItIs(each: readonly Crossed[]): readonly Remedy[] {
  const addresses = each.map(
    ({ address, other, own }) => sh`# ${own ?? placeholder('ADDRESS')} on ${other.name}, and not ${address}`,
  );
  return each.length === 0
    ? []
    : [advice('Connect to the address of the container on the network of the client', 'docker', addresses)];
}

/** Where the default route leads there. */
function otherDefault(each: readonly Crossed[]): readonly Remedy[] {
  if (each.length === 0) return [];
  return [
    {
      title: 'Choose the network that gives the default route (from Docker 28 on)',
      use: 'advice',
      changes: each.flatMap(({ container, network: { name: network }, address }): Change[] => [
        { kind: 'membership', do: 'disconnect', container, network },
        { kind: 'membership', do: 'connect', container, network, address, gatewayPriority: 1 },
      ]),
    },
    advice('Rename the network, so that its name is the first (before Docker 28)', 'docker', [
      ...each.map(({ network, other }) => sh`# rename ${network.name} to something that sorts before ${other.name}`),
    ]),
  ];
}

/** A request from any machine: the routes of the container that replies decide. */
function crossedBy(view: Pick<Observed, 'network' | 'paths'>, flow: Flow): Crossed | undefined {
  const { names, addresses, routing } = view.network;
  const { from, to } = flow;
  const [container, address] = [names.container(to.node?.name), to.address];
  const network = container && addresses.networkOf(container, address);
  if (!container || !network || network.driver === 'bridge' || container.attachments.length < 2) return undefined;
  const otherDevice = routing.deviceFor(container.name, { destination: from.address, source: address });
  const device = addresses.linkWith(container.name, address)?.name;
  if (otherDevice === undefined || device === undefined || otherDevice === device) return undefined;
  const other = addresses.networkBehind(container, { device: otherDevice, source: address });
  if (!other || other.name === network.name) return undefined;
  const straight = repliesStraight(view, container.name, flow);
  if (straight && !losesData(view, flow)) return undefined;
  const own = addresses.addressOn(container.name, { device: otherDevice, like: address });
  return { flow, container: container.name, address, network, device, other, otherDevice, straight, own };
}

/** Whether the far end is on-link for the container that replies. */
function repliesStraight({ network: { routing } }: Pick<Observed, 'network'>, container: string, flow: Flow): boolean {
  const hop = routing.lookup(container, { destination: flow.from.address, source: flow.to.address });
  return hop?.kind === 'on-link' && !isDefault(hop.route);
}

/**
 * A reply that is on-link comes through: it is what follows a connection's first packet that a router drops. Where the router was looked
 * at, its rules have to say so.
 */
function losesData({ network, paths }: Pick<Observed, 'network' | 'paths'>, { probe }: Flow): boolean {
  if (paths.ofAny(probe).verdict.kind === 'lost-later') return true;
  const { outcome } = probe;
  const isLost = outcome.kind === 'attempts' && outcome.failure === 'no-data-after-handshake';
  return isLost && network.firewall(network.names.gateway?.name ?? '') === undefined;
}

function repliesElsewhere(one: Crossed, destination: string): Observation {
  const { container: node, address, network, other, otherDevice: device } = one;
  return { kind: 'replies-elsewhere', node, address, network: network.name, other: other.name, device, destination };
}

/** The parent saw requests come in, and no reply leave. */
function onlyRequests(view: Pick<Observed, 'network' | 'observed'>, one: Crossed): readonly Observation[] {
  const { requests, replies, reliable } = onParent(view, one.flow);
  if (!reliable || requests.length === 0 || replies.length > 0) return [];
  const at = { node: view.network.names.hostName, device: one.network.parent };
  const ends = { source: one.flow.from.address, destination: one.address };
  return [{ kind: 'packets-seen', at, ...ends, requests: requests.length, replies: 0 }];
}

/** A routing table of its own for an address: its default route is through the network of that address. */
function ownTable(
  { container, address, network, device, next }: Crossed & { readonly next: Next | undefined },
  table: number,
): Change[] {
  const family = familyOf(address) ?? 4;
  const via = next === undefined ? placeholder('GATEWAY') : next.via;
  const route = { destination: 'default', family, via, device, table };
  const subnet = isLayer3(network) ? undefined : subnetWith(network, address);
  return [
    // Machines in its own subnet are not reached through the router.
    ...(subnet === undefined
      ? []
      : [
          {
            kind: 'route' as const,
            on: container,
            do: 'replace' as const,
            route: { destination: subnet, family, device, table },
          },
        ]),
    { kind: 'route', on: container, do: 'replace', route },
    { kind: 'policy-rule', on: container, do: 'add', rule: { family, priority: table, from: address, table } },
  ];
}

function subnetWith({ subnets }: NetworkFact, address: string): string | undefined {
  return subnets.find(({ subnet }) => contains(subnet, address))?.subnet;
}

/** `via` the network's gateway; in L3 there is none. */
interface Next {
  readonly via: string | undefined;
}

function nextHop({ names }: NetworkState, { network, address }: Crossed): Next | undefined {
  if (isLayer3(network)) return { via: undefined };
  const subnet = subnetWith(network, address);
  const candidates = [...network.subnets.flatMap(({ gateway }) => gateway ?? []), ...(names.gateway?.addresses ?? [])];
  const via = candidates.find((one) => subnet !== undefined && contains(subnet, one));
  return via === undefined ? undefined : { via };
}

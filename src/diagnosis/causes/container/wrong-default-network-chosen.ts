import type { NetworkFact } from '../../../evidence/facts.js';
import { contains, familyOf } from '../../../ip.js';
import type { NetworkState } from '../../../network/network-state.js';
import { isLayer3 } from '../../../network/networks.js';
import { placeholder, sh } from '../../../shell.js';
import { advice, defineCause, found, type Observed } from '../../cause.js';
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
}

export const wrongDefaultNetworkChosen = defineCause({
  id: 'wrong-default-network-chosen',
  title: "The container's default route is through another of its networks",
  layer: 'container',
  kind: 'fault',
  hop: 'container-route',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'containers', 'links', 'routes', 'rules'],
  background: `
    A container on two networks has one default route, and Docker chooses which network gives it: up to Docker 27 the first
    by name, from 28 on also by --gw-priority. A client beyond the gateway of the other network gets a reply that leaves
    through the wrong one. Strict reverse path filters and stateful firewalls drop it there. The LAN itself works, because
    it is on-link.`,
  see: [
    'https://docs.docker.com/reference/cli/docker/network/connect/',
    'https://github.com/docker/compose/issues/12170',
  ],

  reproduced: { by: 'scenario' },

  detect(view) {
    const crossed = failing(view.flows).flatMap((flow) => crossedBy(view.network, flow) ?? []);
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
  explain: ({ first: { flow, container, address, network, other } }) =>
    `${complaint(flow)}: ${container} sends replies from ${address} through its default route, which is on ${other.name} and not on ${network.name}.`,
  remedy: ({ each }) => [
    {
      title:
        'Send replies through the network of their address, with a routing table for each, until the container is recreated',
      use: each.every(({ next }) => next !== undefined) ? 'run' : 'advice',
      changes: each.flatMap((one, index) => ownTable(one, 7000 + index)),
    },
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
  ],
});

/** A request from any machine: the routes of the container that replies decide. */
function crossedBy({ names, addresses, routing }: NetworkState, flow: Flow): Crossed | undefined {
  const { from, to } = flow;
  const [container, address] = [names.container(to.node?.name), to.address];
  const network = container && addresses.networkOf(container, address);
  if (!container || !network || network.driver === 'bridge' || container.attachments.length < 2) return undefined;
  const otherDevice = routing.deviceFor(container.name, { destination: from.address, source: address });
  const device = addresses.linkWith(container.name, address)?.name;
  if (otherDevice === undefined || device === undefined || otherDevice === device) return undefined;
  const other = addresses.networkBehind(container, { device: otherDevice, source: address });
  if (!other || other.name === network.name) return undefined;
  return { flow, container: container.name, address, network, device, other, otherDevice };
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
  { container, address, device, next }: Crossed & { readonly next: Next | undefined },
  table: number,
): Change[] {
  const family = familyOf(address) ?? 4;
  const via = next === undefined ? placeholder('GATEWAY') : next.via;
  const route = { destination: 'default', family, via, device, table };
  return [
    { kind: 'route', on: container, do: 'replace', route },
    { kind: 'policy-rule', on: container, do: 'add', rule: { family, priority: table, from: address, table } },
  ];
}

/** `via` the network's gateway; in L3 there is none. */
interface Next {
  readonly via: string | undefined;
}

function nextHop({ names }: NetworkState, { network, address }: Crossed): Next | undefined {
  if (isLayer3(network)) return { via: undefined };
  const subnet = network.subnets.find((one) => contains(one.subnet, address))?.subnet;
  const candidates = [...network.subnets.flatMap(({ gateway }) => gateway ?? []), ...(names.gateway?.addresses ?? [])];
  const via = candidates.find((one) => subnet !== undefined && contains(subnet, one));
  return via === undefined ? undefined : { via };
}

import type { ContainerFact, NetworkFact } from '../../../evidence/facts.js';
import { contains, familyOf } from '../../../ip.js';
import { isLayer3 } from '../../../network/networks.js';
import { destinationOf, isToMany } from '../../../scenario/to-many.js';
import { placeholder, sh } from '../../../shell.js';
import { advice, defineCause, found, type Observed } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { failing, idsOf } from '../../flow-questions.js';
import type { Observation } from '../../observation.js';
import type { Change } from '../../remedies/change.js';
import { groupDatagrams } from '../../symptoms/group-datagrams.js';

/** A datagram to many that leaves a container through another of its networks than its target is on. */
interface Astray {
  readonly flow: Flow;
  readonly container: string;
  readonly group: string;
  /** The target's network, and the container's link there. */
  readonly network: NetworkFact;
  readonly device: string;
  readonly other: NetworkFact;
  readonly otherDevice: string;
  readonly because: readonly Observation[];
  readonly isObserved: boolean;
}

export const multicastLeavesViaOtherNetwork = defineCause({
  id: 'multicast-leaves-via-other-network',
  title: 'Multicast of a container leaves through another of its networks',
  layer: 'container',
  kind: 'fault',
  hop: 'container-route',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'containers', 'links'],
  background: `
    A program that does not choose an interface sends a multicast datagram through the route to the group. Where no route to
    224.0.0.0/4 exists, that is the default route. On a container with two networks Docker gives the default route to one of them, so
    that mDNS and SSDP search there only. Joining a group without an interface follows the same route. Devices on the other network
    are never found, while unicast to them works.`,
  see: [
    'https://man7.org/linux/man-pages/man7/ip.7.html',
    'https://docs.docker.com/reference/cli/docker/network/connect/',
  ],

  reproduced: { by: 'scenario' },

  detect(view) {
    const astray = failing(view.flows).flatMap((flow) => astrayBy(view, flow) ?? []);
    const [first] = astray;
    if (!first) return undefined;
    return found({
      about: first.flow,
      detail: { first, each: distinct(astray) },
      explains: idsOf(astray.map(({ flow }) => flow)),
      confidence: astray.every(({ isObserved }) => isObserved) ? 'certain' : 'likely',
      because: astray.flatMap(({ because }) => because),
    });
  },
  explain: ({ first: { flow, container, group, network, device, other, otherDevice } }) =>
    `${container} does not find ${flow.to.label} by ${flow.probe.over.protocol}: its datagrams to ${group} leave through ${otherDevice} on ${other.name}, and ${flow.to.label} is on ${network.name} (${device}).`,
  remedy: ({ each }) => [
    {
      title: 'Route the group through the network of the target, until the container is recreated',
      use: 'run',
      changes: each.map(routeToGroup),
    },
    advice('Let the program join and send on the interface of that network', 'docker', [
      ...each.map(({ container, device }) => sh`# ${container}: choose ${device} in the settings of the program`),
    ]),
    {
      title: 'Let that network give the default route (from Docker 28 on)',
      use: 'advice',
      changes: each.flatMap(
        ({ container, network: { name: network }, flow: { containerAddress: address } }): Change[] => [
          { kind: 'membership', do: 'disconnect', container, network },
          { kind: 'membership', do: 'connect', container, network, address, gatewayPriority: 1 },
        ],
      ),
    },
    {
      title: 'Leave the container on one network',
      use: 'advice',
      changes: each.map(({ container, other }): Change => ({
        ...{ kind: 'membership', do: 'disconnect' },
        ...{ container, network: other.name },
      })),
    },
    advice('Run a reflector for mDNS that is on both networks', 'docker', [
      sh`docker run --network host ${placeholder('IMAGE_OF_AN_MDNS_REFLECTOR')}`,
    ]),
  ],
});

function astrayBy(view: Observed, flow: Flow): Astray | undefined {
  const { addresses, routing } = view.network;
  const wanted = wantedLink(view, flow);
  if (!wanted) return undefined;
  const { container, network, device } = wanted;
  const group = destinationOf(flow.probe);
  const sent = groupDatagrams(view.observed, flow.probe, container.name);
  if (sent.some(({ at, seen }) => seen && at.device === device)) return undefined;
  const seen = sent.find((one) => one.seen);
  const otherDevice = seen?.at.device ?? routing.deviceFor(container.name, { destination: group });
  if (otherDevice === undefined || otherDevice === device) return undefined;
  const other = addresses.networkBehind(container, { device: otherDevice, source: '' });
  if (!other || other.name === network.name) return undefined;
  const route: Observation = { kind: 'group-route', node: container.name, group, device: otherDevice };
  return {
    ...{ flow, container: container.name, group, network, device, other, otherDevice },
    because: seen ? sent : [route],
    isObserved: seen !== undefined,
  };
}

interface Wanted {
  readonly container: ContainerFact;
  readonly network: NetworkFact;
  readonly device: string;
}

/**
 * The link of a container on several networks that a datagram to many has to leave through. `undefined` where its target is on none of
 * them: beyond a router no multicast of the link arrives anyway, and L3 carries none.
 */
function wantedLink({ network: { addresses } }: Observed, flow: Flow): Wanted | undefined {
  const { container, containerAddress = '', network, outbound, probe, to } = flow;
  if (!isToMany(probe.over) || !outbound || !container || container.attachments.length < 2) return undefined;
  if (!network?.subnets.some(({ subnet }) => contains(subnet, to.address)) || isLayer3(network)) return undefined;
  const device = addresses.deviceOf(container.name, containerAddress);
  return device === undefined ? undefined : { container, network, device };
}

function distinct(astray: readonly Astray[]): readonly Astray[] {
  return [...new Map(astray.map((one) => [`${one.container} ${routeDestination(one.group)}`, one])).values()];
}

/** All groups of IPv4; of IPv6 the one alone, because the kernel itself uses the others on every link. */
function routeDestination(group: string): string {
  if (familyOf(group) === 6) return `${group}/128`;
  return contains('224.0.0.0/4', group) ? '224.0.0.0/4' : `${group}/32`;
}

/** The kernel keeps routes to IPv6 groups in the table `local`, which it looks up first. */
function routeToGroup({ container, group, device }: Astray): Change {
  const family = familyOf(group) ?? 4;
  const table = family === 6 ? 'local' : undefined;
  const route = { destination: routeDestination(group), family, device, ...(table ? { table } : {}) };
  return { kind: 'route', on: container, do: 'replace', route };
}

import type { NetworkFact } from '../../../evidence/facts.js';
import { contains, familyOf } from '../../../ip.js';
import { lookup } from '../../../network/fib.js';
import { World } from '../../../network/world.js';
import { placeholder, operands, sh } from '../../../shell.js';
import { advice, defineCause, found, on, type View } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { ipFor } from '../../remedies/ip-command.js';
import { complaint, failing, idsOf } from '../../flow-questions.js';
import { isLayer3 } from '../../../network/networks.js';
import { hostName, nodeOfKind } from '../../reading.js';
import { captureAt, sighting } from '../../symptoms/wire.js';

type Needs = 'nodes' | 'networks' | 'containers' | 'links' | 'routes' | 'rules';

/** A question that came by one network, and whose answer leaves by another. */
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
  title: "The container's default route leads by another of its networks",
  layer: 'container',
  kind: 'fault',
  hop: 'container-route',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'containers', 'links', 'routes', 'rules'],
  uses: ['captures'],
  background: `
    A container on two networks has one default route, and Docker decides by which: up to Docker 27 by the networks' names
    in alphabetical order, from 28 on also by --gw-priority. Who asks from beyond the gateway by the other network gets
    an answer that leaves by the wrong one, where strict reverse path filters and stateful firewalls drop it. The LAN
    itself works, for it is on-link.`,
  see: [
    'https://docs.docker.com/reference/cli/docker/network/connect/',
    'https://github.com/docker/compose/issues/12170',
  ],

  reproduced: { by: 'scenario' },

  detect(view) {
    const world = new World(view);
    const crossed = failing(view.flows).flatMap((flow) => crossedBy(world, flow) ?? []);
    const [first] = crossed;
    if (!first) return undefined;
    const each = [...new Map(crossed.map((one) => [`${one.container} ${one.address}`, one])).values()];
    return found({
      detail: { first, each: each.map((one) => ({ ...one, via: gatewayOn(view, one.network, one.address) })) },
      explains: idsOf(crossed.map(({ flow }) => flow)),
      confidence: seenComing(view, first.flow) ? 'certain' : 'likely',
      because: [
        ...each.map(
          ({ container, address, network, other, otherDevice }) =>
            `${container}: ${address} is on ${network.name}, and its answers leave by ${otherDevice}, on ${other.name} (ip route get ${first.flow.from.address} from ${address}).`,
        ),
        ...(seenComing(view, first.flow)
          ? [`${first.network.parent}: the request comes in by it, and no answer leaves by it.`]
          : []),
      ],
    });
  },
  explain: ({ first: { flow, container, address, network, other } }) =>
    `${complaint(flow)}: ${container} answers for ${address} by its default route, which leads by ${other.name} and not by ${network.name}.`,
  remedy: ({ each }) => [
    {
      title:
        'Answer by the network the question came by: a table of its own for each address. It does not outlive the container',
      use: each.every(({ via }) => via !== undefined) ? 'run' : 'advice',
      commands: each.flatMap(({ container, address, device, via }, index) => {
        const [table, ip] = [7000 + index, ipFor(address)];
        return [
          on(
            container,
            sh`${ip} route replace default ${via === '' ? [] : sh`via ${via ?? placeholder('GATEWAY')}`} dev ${device} table ${table}`,
            sh`${ip} route del default table ${table}`,
          ),
          on(
            container,
            sh`${ip} rule add priority ${table} from ${address} table ${table}`,
            sh`${ip} rule del priority ${table}`,
          ),
        ];
      }),
    },
    advice('For good, from Docker 28 on: say which network gives the default route', 'docker', [
      ...each.flatMap(({ container, network, address }) => [
        sh`docker network disconnect ${operands(network.name, container)}`,
        sh`docker network connect --gw-priority 1 ${familyOf(address) === 6 ? sh`--ip6` : sh`--ip`} ${address} ${operands(network.name, container)}`,
      ]),
    ]),
    advice('Before Docker 28: the network whose name comes first gives it', 'docker', [
      ...each.map(({ network, other }) => sh`# rename ${network.name} to something that sorts before ${other.name}`),
    ]),
  ],
});

/** Whoever asks, a container or not: it is the one that answers whose routes matter. */
function crossedBy(world: World, flow: Flow): Crossed | undefined {
  const { from, to } = flow;
  const [container, address] = [world.container(to.node?.name ?? ''), to.address];
  const network = container && world.networkOf(container, address);
  if (!container || !network || network.driver === 'bridge' || container.attachments.length < 2) return undefined;
  const fib = world.fib(container.name);
  const hop = fib && lookup(fib, { destination: from.address, source: address });
  const device = world.deviceOf(container.name, address);
  if (!hop || !('device' in hop) || device === undefined || hop.device === device) return undefined;
  const other = world.networkBehind(container, { device: hop.device, source: address });
  if (!other || other.name === network.name) return undefined;
  return { flow, container: container.name, address, network, device, other, otherDevice: hop.device };
}

/** Seen on the parent: the request in, and no answer out. */
function seenComing({ captures = [], nodes }: View<Needs, 'captures'>, flow: Flow): boolean {
  const { requests, replies, reliable } = sighting(flow, captureAt(captures, hostName(nodes)));
  return reliable && requests.length > 0 && replies.length === 0;
}

/** `via` the network's gateway; in L3 there is none to name. */
function gatewayOn({ nodes }: View<Needs>, network: NetworkFact, address: string): string | undefined {
  if (isLayer3(network)) return '';
  const candidates = [
    ...network.subnets.flatMap(({ gateway }) => gateway ?? []),
    ...(nodeOfKind(nodes, 'gateway')?.addresses ?? []),
  ];
  const subnet = network.subnets.find((one) => contains(one.subnet, address))?.subnet;
  const gateway = candidates.find((one) => subnet !== undefined && contains(subnet, one));
  return gateway;
}

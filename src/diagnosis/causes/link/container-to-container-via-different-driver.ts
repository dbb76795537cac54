import type { ContainerFact, NetworkFact } from '../../../evidence/facts.js';
import { lookup } from '../../../network/fib.js';
import { World } from '../../../network/world.js';
import { operands, sh } from '../../../shell.js';
import { advice, defineCause, distinctRuns, found } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { failing, idsOf } from '../../flow-questions.js';
import { isLayer3 } from '../../../network/networks.js';
import { fibOf, hostName } from '../../reading.js';
import { shimsFor, shimsOn, standUp } from '../../symptoms/shim.js';

/** A flow between a container on a bridge and one on the parent, in either direction. */
interface Apart {
  readonly flow: Flow;
  readonly bridged: ContainerFact;
  readonly bridge: NetworkFact;
  readonly child: ContainerFact;
  readonly network: NetworkFact;
  readonly address: string;
  readonly towardsChild: boolean;
}

export const containerToContainerViaDifferentDriver = defineCause({
  id: 'container-to-container-via-different-driver',
  title: 'A bridge container and an IPvlan or macvlan container of the same host cannot meet',
  layer: 'link',
  kind: 'by-design',
  hop: 'parent',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'containers', 'links', 'routes', 'rules'],
  background: `
    What a container on a bridge sends to an IPvlan L2 or macvlan container of the same host is forwarded by the host, and
    leaves by the parent as if it came from the host itself: the parent never hears itself, so that the two are as
    isolated as the host and its own containers are. In the other direction the bridge's subnet exists on this host only,
    and the LAN's gateway knows no way to it. Both need a network they share.`,
  see: ['https://docs.docker.com/engine/network/drivers/macvlan/', 'https://github.com/moby/moby/issues/21735'],

  reproduced: { by: 'scenario' },

  detect({ flows, links, routes, rules, ...facts }) {
    const host = hostName(facts.nodes);
    const onHost = links[host] ?? [];
    const fib = fibOf(host, { routes, rules });
    const world = new World(facts);
    const apart = failing(flows).flatMap((flow) => {
      const pair = pairOf(world, flow);
      if (!pair || pair.network.parent === undefined || isLayer3(pair.network)) return [];
      const hop = fib && lookup(fib, { destination: pair.address });
      const shown = pair.towardsChild && hop && 'device' in hop && hop.device !== pair.network.parent;
      return shown || shimsOn(onHost, pair.network).some(({ name }) => hop && 'device' in hop && hop.device === name)
        ? []
        : [pair];
    });
    const first = apart.find(({ towardsChild }) => towardsChild) ?? apart[0];
    if (!first) return undefined;
    const reached = apart.flatMap(({ towardsChild, network, address }) => (towardsChild ? [{ network, address }] : []));
    return found({
      detail: { first, apart, shims: shimsFor(reached, { nodes: facts.nodes, onHost }) },
      explains: idsOf(apart.map(({ flow }) => flow)),
      ...(first.towardsChild ? {} : { hop: 'gateway-route-back' as const }),
      because: [
        `${first.bridged.name} is on ${first.bridge.name} (bridge), ${first.child.name} on ${first.network.name} (${first.network.driver} on ${first.network.parent}), and they share no network.`,
      ],
    });
  },
  explain: ({ first: { flow, bridge, network } }) =>
    `${flow.from.label} cannot reach ${flow.to.label}: one is on the bridge network ${bridge.name}, the other on the ${network.driver} network ${network.name}, and the host cannot pass packets between the two.`,
  remedy: ({ apart, shims }) => [
    ...(shims.length > 0
      ? [
          {
            title: 'Give the host a link of its own on the parent, by which it forwards what the bridge sends',
            use: 'run' as const,
            commands: shims.flatMap(standUp),
          },
        ]
      : []),
    advice('For both directions: a network that both are on', 'docker', [
      ...distinctRuns(
        apart.map(({ bridge, child }) => sh`docker network connect ${operands(bridge.name, child.name)}`),
      ),
    ]),
  ],
});

/** Two containers that share no network, one of them on a bridge and the other not. */
function pairOf(world: World, flow: Flow): Apart | undefined {
  const from = world.container(flow.from.node?.name ?? '');
  const to = world.container(flow.to.node?.name ?? '');
  if (!from || !to || flow.peer !== 'other-container') return undefined;
  const shared = from.attachments.some((one) => to.attachments.some(({ network }) => network === one.network));
  const [mine, theirs] = [world.networkOf(from, flow.from.address), world.networkOf(to, flow.to.address)];
  if (shared || !mine || !theirs || (mine.driver === 'bridge') === (theirs.driver === 'bridge')) return undefined;
  return mine.driver === 'bridge'
    ? { flow, bridged: from, bridge: mine, child: to, network: theirs, address: flow.to.address, towardsChild: true }
    : {
        flow,
        bridged: to,
        bridge: theirs,
        child: from,
        network: mine,
        address: flow.from.address,
        towardsChild: false,
      };
}

import type { NetworkFact } from '../../../evidence/facts.js';
import { contains, familyOf, prefixLength } from '../../../ip.js';
import { defaultRoutes } from '../../../network/default-route.js';
import { placeholder, sh } from '../../../shell.js';
import { defineCause, found, on, type Command, type View } from '../../cause.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import type { Flow } from '../../flow.js';
import { ipFor } from '../../remedies/ip-command.js';
import { complaint, crossesParent, failing, farAddress, idsOf, subnetOfFlow, telling } from '../../flow-questions.js';
import { isLayer3 } from '../../../network/networks.js';
import { deviceOf, hostName, nodeOfKind } from '../../reading.js';
import { isWider, segmentOf, type SegmentSubnet } from '../../../network/segments.js';
import { questFor } from '../../symptoms/wire.js';

type Needs = 'nodes' | 'networks' | 'links' | 'routes';

/** A failing flow of a container that draws the line between neighbours and the rest in another place than its LAN. */
interface Misdrawn extends Flow {
  readonly network: NetworkFact;
  readonly subnet: string;
  /** The LAN's own subnet, and who shows it. */
  readonly segment: SegmentSubnet;
  /** `wide`: takes what lies behind the gateway for a neighbour; `narrow`: leaves the gateway out. */
  readonly how: 'wide' | 'narrow';
  /** The gateway, where it is known. */
  readonly gateway: string | undefined;
}

export const wrongPrefixLength = defineCause({
  id: 'wrong-prefix-length',
  title: "The network's prefix length is not the LAN's",
  layer: 'address',
  kind: 'fault',
  hop: 'container-route',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'links', 'routes'],
  uses: ['captures'],
  background: `
    In L2 mode and on macvlan containers and LAN must agree on which addresses are neighbours. A network with a shorter
    prefix than the LAN's takes addresses behind the gateway for neighbours, and asks for them by ARP in vain. One with a
    longer prefix leaves neighbours out; when it leaves the gateway out, no right gateway can be given, and Docker guesses
    one. To confine Docker to a part of the LAN there is --ip-range: --subnet is always the whole of it.`,
  see: [
    'https://docs.docker.com/engine/network/drivers/macvlan/',
    'https://docs.docker.com/reference/cli/docker/network/create/',
  ],

  reproduced: { by: 'scenario' },

  detect(view) {
    const lost = failing(view.flows).flatMap((flow) => misdrawn(view, flow) ?? []);
    const flow = telling(lost);
    if (!flow) return undefined;
    const networks = [...new Map(lost.map((one) => [`${one.network.name} ${one.subnet}`, one])).values()];
    const containers = [...new Map(lost.map((one) => [one.containerAddress, one])).values()];
    return found({
      detail: { flow, networks, commands: containers.flatMap((one) => redraw(view, one)) },
      explains: idsOf(lost),
      because: [
        ...networks.map(
          ({ network, subnet, segment }) =>
            `${network.name} has ${subnet}, and ${segment.node} has ${segment.address}/${prefixLength(segment.subnet)} on the same segment.`,
        ),
        ...inVain(view, lost),
      ],
    });
  },
  explain: (detail) => sentence(detail.flow),
  remedy: ({ networks, commands }) => [
    {
      title: "Give the containers the LAN's own prefix, until they are made anew",
      use: networks.every(({ how, gateway }) => how === 'wide' || gateway !== undefined) ? 'run' : 'advice',
      commands,
    },
    ...networks.map(({ network, subnet, segment, how, gateway }) =>
      recreateNetwork("For good: recreate the network with the LAN's own subnet", network, {
        subnets: network.subnets.map((one) => {
          if (one.subnet !== subnet) return one;
          const right = { ...one, subnet: segment.subnet, gateway: gateway ?? placeholder('GATEWAY') };
          return how === 'narrow' ? { range: subnet, ...right } : right;
        }),
      }),
    ),
  ],
});

function misdrawn(view: View<Needs>, flow: Flow): Misdrawn | undefined {
  const { network } = flow;
  const subnet = subnetOfFlow(flow);
  if (!network || subnet === undefined || !crossesParent(flow) || isLayer3(network)) return undefined;
  const segments = segmentOf(view.network, network).filter((one) => familyOf(one.subnet) === familyOf(subnet));
  const known = nodeOfKind(view.nodes, 'gateway')?.name;
  const gateway = segments.find(({ node }) => node === known)?.address;
  const beyond = (address: string) => address !== '' && !segments.some((one) => contains(one.subnet, address));
  const inner = segments.find((one) => isWider(subnet, one.subnet));
  const far = farAddress(flow);
  if (inner && (beyond(flow.containerAddress ?? '') || (contains(subnet, far) && beyond(far))))
    return { ...flow, network, subnet, segment: inner, how: 'wide', gateway };
  const outer = segments.find((one) => isWider(one.subnet, subnet));
  const away = gateway ?? defaultRoutes(view.routes[hostName(view.nodes)] ?? [], familyOf(subnet) ?? 4)[0]?.via;
  if (!outer || away === undefined || contains(subnet, away) || !contains(outer.subnet, away)) return undefined;
  return contains(subnet, far) ? undefined : { ...flow, network, subnet, segment: outer, how: 'narrow', gateway: away };
}

function sentence({ how, network, subnet, segment, gateway, ...flow }: Misdrawn): string {
  const lan = `the LAN is ${segment.subnet}`;
  return how === 'wide'
    ? `${complaint({ ...flow, network })}: ${network.name} has ${subnet} where ${lan}, so that the container takes for neighbours whom it must ask the gateway for.`
    : `${complaint({ ...flow, network })}: ${network.name} has ${subnet} where ${lan}, and the gateway ${gateway} lies outside of it.`;
}

/** The right line, and beyond it the right gateway. */
function redraw(
  view: View<Needs>,
  { container, containerAddress = '', subnet, segment, how, gateway }: Misdrawn,
): Command[] {
  const name = container?.name ?? '';
  const device = deviceOf(view, name, containerAddress);
  const family = familyOf(subnet) ?? 4;
  const ip = ipFor(family);
  const source = family === 6 ? [] : [sh`src ${containerAddress}`];
  const right = sh`${segment.subnet} dev ${device} ${source}`;
  const draw = on(name, sh`${ip} route replace ${right}`, sh`${ip} route del ${segment.subnet} dev ${device}`);
  if (how === 'wide')
    return [
      draw,
      on(name, sh`${ip} route del ${subnet} dev ${device}`, sh`${ip} route add ${subnet} dev ${device} ${source}`),
    ];
  const before = defaultRoutes(view.routes[name] ?? [], family)[0];
  const undo = before?.via ? sh`${ip} route replace default via ${before.via}` : sh`${ip} route del default`;
  return [draw, on(name, sh`${ip} route replace default via ${gateway ?? placeholder('GATEWAY')} dev ${device}`, undo)];
}

function inVain(view: View<Needs, 'captures'>, lost: readonly Misdrawn[]): readonly string[] {
  const lines = lost.flatMap((one) => {
    const family = familyOf(one.subnet) ?? 4;
    const routes = view.routes[one.container?.name ?? ''] ?? [];
    const next = one.how === 'wide' ? farAddress(one) : defaultRoutes(routes, family)[0]?.via;
    const quest = next === undefined ? undefined : questFor(view, one, next);
    return quest?.asked && !quest.answered
      ? [`${one.network.parent}: ARP requests for ${next} leave, and nobody answers.`]
      : [];
  });
  return [...new Set(lines)];
}

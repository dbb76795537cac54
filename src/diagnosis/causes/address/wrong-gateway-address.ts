import type { NetworkFact } from '../../../evidence/facts.js';
import { bare, contains, familyOf, firstAddress, sameAddress } from '../../../ip.js';
import { defaultRoutes } from '../../../network/default-route.js';
import { placeholder, sh } from '../../../shell.js';
import { defineCause, found, on, type View } from '../../cause.js';
import { recreateNetwork, withGateway } from '../../remedies/create-network.js';
import type { Flow } from '../../flow.js';
import {
  complaint,
  crossesParent,
  failing,
  farAddress,
  idsOf,
  isOnLink,
  subnetOfFlow,
  telling,
} from '../../flow-questions.js';
import { isLayer3 } from '../../../network/networks.js';
import { holds, hostName, nodeOfKind } from '../../reading.js';
import { isMismatched, taggingOf } from '../../symptoms/vlan.js';
import { questFor } from '../../symptoms/wire.js';

type Needs = 'nodes' | 'networks' | 'links' | 'routes' | 'neighbours' | 'captures';

/** A container's next hop that is no gateway. */
interface Wrong {
  readonly via: string;
  /** Who holds the address instead; `undefined` when nobody answers for it. */
  readonly holder: string | undefined;
}

export const wrongGatewayAddress = defineCause({
  id: 'wrong-gateway-address',
  title: "The network's gateway address is not the gateway's",
  layer: 'address',
  kind: 'fault',
  hop: 'container-route',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'links', 'routes', 'neighbours', 'captures'],
  background: `
    In L2 mode and on macvlan the container itself asks for its gateway by ARP. The address it asks for is the one given
    with --gateway, or, up to Docker 28, the first of the subnet, which Docker invents when none is given. When the real
    gateway has another address nobody answers: the LAN works, and everything beyond it does not.`,
  see: ['https://docs.docker.com/engine/network/drivers/ipvlan/', 'https://github.com/docker/compose/issues/11716'],

  reproduced: { by: 'scenario' },

  detect(view) {
    const lost = failing(view.flows)
      .filter((flow) => crossesParent(flow) && !isLayer3(flow.network) && !isOnLink(flow))
      .flatMap((flow) => {
        const wrong = wrongNextHop(view, flow);
        return wrong ? [{ ...flow, wrong }] : [];
      });
    const flow = telling(lost);
    if (!flow) return undefined;
    const containers = [...new Map(lost.map((one) => [one.container?.name ?? '', one.wrong])).entries()];
    return found({
      detail: { flow, right: rightGateway(view, flow.network, flow.wrong.via), containers },
      explains: idsOf(lost),
      because: [
        ...containers.map(
          ([name, { via, holder }]) =>
            `${name}: its default route leads to ${via}, which ${holder ? `is ${holder}, no gateway` : 'does not answer ARP'}.`,
        ),
        ...onWire(view, flow, flow.wrong.via),
      ],
    });
  },
  explain: ({ flow, right }) =>
    `${complaint(flow)}: its gateway ${flow.wrong.via}${isGuessed(flow) ? ', which Docker guessed because the network was given none,' : ''} ${flow.wrong.holder ? `belongs to ${flow.wrong.holder}` : 'belongs to nobody'}${right ? `; the gateway of this LAN is ${right}` : ''}.`,
  remedy: ({ flow, right, containers }) => [
    {
      title: 'Point the containers at the real gateway, until they are made anew',
      use: right ? 'run' : 'advice',
      commands: containers.map(([container, { via }]) =>
        on(
          container,
          sh`ip route replace default via ${right ?? placeholder('GATEWAY')}`,
          sh`ip route replace default via ${via}`,
        ),
      ),
    },
    ...(flow.network
      ? [
          recreateNetwork('For good: recreate the network with the right gateway', flow.network, {
            subnets: withGateway(flow.network, flow.containerAddress, right),
          }),
        ]
      : []),
  ],
});

/** Docker up to 28 takes the first address where no gateway is given. */
function isGuessed({ network, wrong, ...flow }: Flow & { readonly wrong: Wrong }): boolean {
  const subnet = subnetOfFlow({ ...flow, network });
  const given = network?.subnets.find((one) => one.subnet === subnet)?.gateway;
  const first = subnet === undefined ? undefined : firstAddress(subnet);
  return given === undefined && first !== undefined && sameAddress(first, wrong.via);
}

/** @returns `undefined` when the next hop is a gateway, or may be one */
function wrongNextHop(view: View<Needs>, flow: Flow): Wrong | undefined {
  const name = flow.container?.name ?? '';
  const family = familyOf(farAddress(flow)) ?? 4;
  const via = defaultRoutes(view.routes[name] ?? [], family)[0]?.via;
  if (via === undefined || gateways(view, family).some((address) => sameAddress(address, via))) return undefined;
  if (!couldBeRight(view, flow)) return undefined;
  const holder = view.nodes.find((node) => node.kind !== 'gateway' && holds(node, via));
  if (holder) return holder.kind === 'peer' || holder.kind === 'container' ? { via, holder: holder.name } : undefined;
  const neighbour = view.neighbours[name]?.find(({ address }) => sameAddress(address, via));
  const { asked, answered } = questFor(view, flow, via);
  const silent = /FAILED|INCOMPLETE/.test(neighbour?.state ?? '') || (asked && !answered);
  return silent ? { via, holder: undefined } : undefined;
}

/** No gateway address is right for a network whose subnet has none in it, or that hangs on another VLAN than its own. */
function couldBeRight(view: View<Needs>, { network, containerAddress: address = '', ...flow }: Flow): boolean {
  const known = gateways(view, familyOf(address) ?? 4).filter((one) => familyOf(one) === familyOf(address));
  const subnet = subnetOfFlow({ ...flow, network, containerAddress: address }) ?? '';
  const hasRoom = known.length === 0 || known.some((one) => contains(subnet, one));
  return hasRoom && !isMismatched(taggingOf(view, { network, address }));
}

/** Every address of the gateway, those on its VLANs included, and whatever the host itself goes by. */
function gateways({ nodes, links, routes }: View<Needs>, family: 4 | 6): readonly string[] {
  const gateway = nodeOfKind(nodes, 'gateway');
  const onLinks = (links[gateway?.name ?? ''] ?? []).flatMap(({ addresses }) => addresses.map(bare));
  const hosts = defaultRoutes(routes[hostName(nodes)] ?? [], family).flatMap(({ via }) => via ?? []);
  return [...(gateway?.addresses ?? []), ...onLinks, ...hosts];
}

function rightGateway(view: View<Needs>, network: NetworkFact | undefined, wrong: string): string | undefined {
  return gateways(view, familyOf(wrong) ?? 4).find(
    (address) =>
      familyOf(address) === familyOf(wrong) && network?.subnets.some(({ subnet }) => contains(subnet, address)),
  );
}

function onWire(view: View<Needs>, flow: Flow, wrong: string): string[] {
  const { asked, answered } = questFor(view, flow, wrong);
  return asked && !answered ? [`${flow.network?.parent}: ARP requests for ${wrong} leave, and nobody answers.`] : [];
}

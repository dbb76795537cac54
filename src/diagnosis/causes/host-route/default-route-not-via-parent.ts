import { familyOf } from '../../../ip.js';
import { defaultRoutes } from '../../../network/default-route.js';
import { lookup, pinnedLookup, type Fib } from '../../../network/fib.js';
import { placeholder, sh } from '../../../shell.js';
import { defineCause, found, on, ruledOut, type View } from '../../cause.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import type { Flow } from '../../flow.js';
import { complaint, crossesParent, failing, idsOf, isShutIn, subnetsOf } from '../../flow-questions.js';
import { isLayer3 } from '../../../network/networks.js';
import { fibOf, hostName, nodeOfKind } from '../../reading.js';
import { questFor } from '../../symptoms/wire.js';

type Needs = 'nodes' | 'networks' | 'routes' | 'rules';

export const defaultRouteNotViaParent = defineCause({
  id: 'default-route-not-via-parent',
  title: "The host's default route leaves by another interface than the parent",
  layer: 'host-route',
  kind: 'fault',
  hop: 'host-route',
  appliesTo: ['ipvlan'],
  needs: ['nodes', 'networks', 'routes', 'rules'],
  uses: ['captures'],
  background: `
    In L3 and L3S mode the host looks up the route of a container's packet with the output pinned to the parent. When the
    host's default route uses another interface (a second network card, Wi-Fi, a VPN), it does not count, and the kernel
    takes the whole internet to be directly attached to the parent: it asks by ARP for public addresses on the LAN, where
    nobody answers. The LAN stays reachable, the host itself reaches everything, and nothing is logged.`,
  see: ['https://github.com/canonical/lxd/pull/5182', 'https://docs.kernel.org/networking/ipvlan.html'],

  detect(view) {
    const fib = fibOf(hostName(view.nodes), view);
    const concerned = view.flows.filter(
      (flow) => crossesParent(flow) && isLayer3(flow.network) && !isShutIn(view, flow),
    );
    const outside = failing(concerned).filter(({ outbound, peer }) => outbound && peer === 'internet');
    if (!fib || outside.length === 0) return undefined;
    const lost = outside.filter((flow) => otherWay(fib, flow) !== undefined);
    const flow = lost[0];
    const device = flow && otherWay(fib, flow);
    if (!flow || device === undefined) return ruledOutBy(fib, outside);
    // The host's own answers to its containers take the same wrong way.
    const answers = failing(concerned).filter((one) => one.peer === 'host' && leavesBy(fib, one) === device);
    return found({
      detail: { ...facts(view, flow), flow, device, answers: subnetsOf(answers), spare: spareMetric(fib) },
      explains: idsOf([...lost, ...answers]),
      because: [
        `host: the route to ${flow.to.address} leaves by ${device}; with the output pinned to ${flow.network?.parent} none matches (ip route get ${flow.to.address} oif ${flow.network?.parent}).`,
        ...askedOnWire(view, flow),
      ],
    });
  },
  explain: ({ flow, parent, device }) =>
    `${complaint(flow)}: the Docker host's default route leaves by ${device}, and IPvlan ${flow.network?.mode?.toUpperCase()} can only use routes by its parent ${parent}.`,
  remedy: ({ parent, gateway, answers, spare, flow, device }) => [
    {
      title: 'Give the host a second default route, by the parent, with a worse metric: only IPvlan will use it',
      use: gateway === undefined ? 'advice' : 'run',
      commands: [`default metric ${spare}`, ...answers].map((route) => {
        const [to = '', ...rest] = route.split(' ');
        const words = sh`${to} via ${gateway ?? placeholder('GATEWAY')} dev ${parent} ${rest}`;
        return on('host', sh`ip route replace ${words}`, sh`ip route del ${words}`);
      }),
    },
    ...(flow.network
      ? [
          recreateNetwork('Or make the interface that holds the default route the parent', flow.network, {
            parent: device,
          }),
        ]
      : []),
  ],
});

/** The other device a packet would leave by if it were free, where pinned to the parent it finds no route. IPv4 only. */
function otherWay(fib: Fib, { to, network, containerAddress }: Flow): string | undefined {
  const outDevice = network?.parent ?? '';
  const pinned = pinnedLookup(fib, { destination: to.address, source: containerAddress, outDevice });
  if (pinned.kind !== 'assumed-on-link') return undefined;
  // No route at all, or one that forbids it, is another cause.
  const free = lookup(fib, { destination: to.address, source: containerAddress });
  return (free.kind === 'via' || free.kind === 'on-link') && free.device !== outDevice ? free.device : undefined;
}

function leavesBy(fib: Fib, { containerAddress }: Flow): string | undefined {
  const hop = lookup(fib, { destination: containerAddress ?? '' });
  return hop.kind === 'via' || hop.kind === 'on-link' ? hop.device : undefined;
}

function ruledOutBy(fib: Fib, outside: readonly Flow[]) {
  const [flow] = outside;
  const parent = flow?.network?.parent ?? '';
  const hop = pinnedLookup(fib, {
    destination: flow?.to.address ?? '',
    source: flow?.containerAddress,
    outDevice: parent,
  });
  return hop.kind === 'via'
    ? ruledOut(`Pinned to ${parent}, the host's route to ${flow?.to.address} leads to ${hop.gateway}.`)
    : undefined;
}

/** The gateway on the parent's side, as a next hop. */
function facts({ nodes }: View<Needs>, { network, to }: Flow) {
  const family = familyOf(to.address);
  const gateway = nodeOfKind(nodes, 'gateway')?.addresses.find((address) => familyOf(address) === family);
  return { parent: network?.parent ?? '', gateway };
}

/** Worse than any default route there is, so that nothing but a pinned lookup takes it. */
function spareMetric({ routes }: Fib): number {
  return 5000 + Math.max(0, ...defaultRoutes(routes, 4).map(({ metric }) => metric));
}

function askedOnWire(view: View<Needs, 'captures'>, flow: Flow): string[] {
  const { asked, answered } = questFor(view, flow);
  return asked && !answered
    ? [`${flow.network?.parent}: the host asks by ARP for ${flow.to.address} on the LAN, and nobody answers.`]
    : [];
}

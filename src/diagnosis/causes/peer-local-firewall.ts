import { filtered } from '../../path/filter.js';
import { distinctPlaces, type Place } from '../../path/packet-filter.js';
import { pathOf } from '../../path/trace.js';
import { World } from '../../path/world.js';
import { advice, cannotTell, defineCause, found, on, type View } from '../cause.js';
import type { Flow } from '../flow.js';
import { asked } from '../own-obstacle.js';
import { acceptAtHead } from '../packet-filter.js';
import { complaint, crossesParent, failing, hostName, idsOf, isOnLink, subnetsOf, telling } from '../reading.js';
import { captureAt, sighting } from '../wire.js';

type Needs = 'nodes' | 'networks' | 'captures' | 'firewall';
type Uses = 'containers' | 'links' | 'routes' | 'rules' | 'sysctls' | 'neighbours' | 'traces';

/** A flow that a machine on the LAN does not let in, or whose answers it does not. */
interface Barred {
  readonly flow: Flow;
  /** The machine, by its name or address. */
  readonly peer: string;
  readonly because: string;
  /** The chain that drops; absent where nobody could look into the machine. */
  readonly place: Place | undefined;
}

export const peerLocalFirewall = defineCause({
  id: 'peer-local-firewall',
  title: 'A machine on the LAN lets in nobody from another subnet',
  layer: 'service',
  kind: 'fault',
  hop: 'target',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'captures', 'firewall'],
  uses: ['containers', 'links', 'routes', 'rules', 'sysctls', 'neighbours', 'traces'],
  background: `
    Personal firewalls trust the subnet their machine is in. Windows answers ping and shares files with its own subnet only, as
    long as nobody says otherwise. A container in an L3 subnet is then a stranger: the host reaches the machine, the
    container reaches the gateway, the internet and other machines, and its requests to this one leave and are never answered.
    Nothing about the network is wrong; the machine itself has to let the container subnet in.`,
  see: [
    'https://learn.microsoft.com/en-us/windows/security/operating-system-security/network-security/windows-firewall/',
    'https://wiki.nftables.org/',
  ],

  detect(view) {
    const world = new World(view);
    const near = failing(view.flows).filter((flow) => crossesParent(flow) && flow.peer === 'lan');
    const barred = near.flatMap((flow) => barredByRule(world, view, flow) ?? barredUnseen(view, flow) ?? []);
    const flow = telling(barred.map((one) => one.flow));
    const first = barred.find((one) => one.flow === flow);
    if (!flow || !first) return undefined;
    const peers = [...new Map(barred.map((one) => [one.peer, one])).values()];
    // Its answers may have been lost beyond it: the gateway may take them for none of a connection it knows.
    if (first.place === undefined && !answersWouldShow(view, flow))
      return cannotTell({
        missing: `the packet filter of ${first.peer}, and what its gateway does with its answers`,
        explains: idsOf(barred.map((one) => one.flow)),
        oneOf: ['peer-local-firewall', 'stateful-gateway-asymmetric-path'],
        test: on(first.peer, `tcpdump -ni any host ${flow.containerAddress}   # no answers leave: its own firewall`),
      });
    return found({
      detail: { flow, peer: first.peer, peers, subnets: subnetsOf(barred.map((one) => one.flow)), barred },
      explains: idsOf(barred.map((one) => one.flow)),
      confidence: first.place ? 'certain' : 'likely',
      because: peers.map(({ because }) => because),
    });
  },
  explain: ({ flow, peer, subnets }) =>
    `${complaint(flow)}: ${peer} itself drops what comes from ${subnets.join(' and ')}, which is not its own subnet.`,
  remedy: ({ peers, subnets, barred }) => {
    const places = (peer: string) =>
      distinctPlaces(barred.flatMap((one) => (one.peer === peer && one.place ? [one.place] : [])));
    const commands = peers.flatMap(({ peer }) =>
      places(peer).flatMap((place) => acceptAtHead(place, { node: peer, subnets })),
    );
    return [
      ...(commands.length > 0
        ? [{ title: 'Let the container subnets in, on the machine itself', use: 'run' as const, commands }]
        : []),
      ...peers.map(({ peer }) =>
        advice(
          'The same on Windows',
          peer,
          subnets.map(
            (subnet) =>
              `New-NetFirewallRule -DisplayName "Containers" -Direction Inbound -RemoteAddress ${subnet} -Action Allow`,
          ),
        ),
      ),
    ];
  },
});

/** Its rules drop it, and there it ends. */
function barredByRule(world: World, view: View<Needs, Uses>, flow: Flow): Barred | undefined {
  const peer = (flow.outbound ? flow.to : flow.from).node?.name ?? '';
  const firewall = view.firewall[peer];
  const path = firewall && pathOf(world, flow.probe);
  const [own, far] = flow.outbound ? [flow.to.address, flow.from.address] : [flow.from.address, flow.to.address];
  const hop =
    path && [...path.there, ...path.back].find((one) => one.hop === 'target' && one.predicted.verdict === 'blocks');
  if (!firewall || !hop || path.end?.hop !== 'target' || path.end.node !== peer || hop.node !== peer) return undefined;
  const { protocol, port } = asked(flow);
  const outcome = filtered(firewall, ['prerouting', 'input'], {
    source: far,
    destination: own,
    protocol,
    inDevice: world.deviceOf(peer, own),
    port: flow.outbound ? port : undefined,
    state: flow.outbound ? 'new' : 'established',
  });
  return outcome.kind === 'blocks'
    ? { flow, peer, because: `${peer}: ${outcome.by} drops what comes from ${far}.`, place: outcome.at }
    : undefined;
}

/**
 * Nobody can look into it: what the container sends leaves properly and is not answered, while the machine answers the host
 * and the container is answered by the gateway. Who is in its own subnet it would let in.
 */
function barredUnseen(view: View<Needs, Uses>, flow: Flow): Barred | undefined {
  const { flows, nodes, captures, firewall } = view;
  const peer = flow.to.node?.name ?? flow.to.label;
  if (!flow.outbound || firewall[peer] !== undefined || isOnLink(flow)) return undefined;
  const host = hostName(nodes);
  const { requests, replies, reliable } = sighting(flow, captureAt(captures, host, flow.network?.parent));
  const arrives = (test: (other: Flow) => boolean) => flows.some((other) => other.arrival === 'all' && test(other));
  const answersHost = arrives(
    ({ from, to, probe }) =>
      from.node?.name === host && to.address === flow.to.address && probe.over.protocol === flow.probe.over.protocol,
  );
  const gatewayAnswers = arrives(
    ({ outbound, peer: other, containerAddress }) =>
      outbound && other === 'gateway' && containerAddress === flow.containerAddress,
  );
  if (!reliable || requests.length === 0 || replies.length > 0 || !answersHost || !gatewayAnswers) return undefined;
  const because = `${flow.network?.parent}: requests of ${flow.containerAddress} to ${peer} left and were not answered; ${host} is answered.`;
  return { flow, peer, because, place: undefined };
}

/** Whether its answers, which go by the gateway, would have been seen there; and none was. */
function answersWouldShow({ captures, nodes }: View<Needs, Uses>, flow: Flow): boolean {
  const gateway = nodes.find(({ kind }) => kind === 'gateway')?.name ?? '';
  const looks = captures.filter(({ node, control }) => node === gateway && control === 'seen');
  return looks.length > 0 && looks.every((capture) => sighting(flow, capture).replies.length === 0);
}

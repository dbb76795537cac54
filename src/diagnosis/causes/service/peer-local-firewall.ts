import type { Firewall } from '../../../evidence/facts.js';
import { filtered, placesBlocking } from '../../../network/filter.js';
import { pathOf } from '../../../path/trace.js';
import { World } from '../../../network/world.js';
import { sh, type ShellCommand, embeddedList } from '../../../shell.js';
import { advice, cannotTell, defineCause, found, on, type View } from '../../cause.js';
import { deciderText } from '../../filter-names.js';
import type { Flow } from '../../flow.js';
import { acceptBlocked, type BlockedPassage } from '../../remedies/allow-traffic.js';
import { complaint, crossesParent, failing, idsOf, isOnLink, subnetsOf, telling } from '../../flow-questions.js';
import { hostName } from '../../reading.js';
import { packetOf, trafficOf } from '../../remedies/traffic.js';
import { captureAt, sighting } from '../../symptoms/wire.js';

type Needs = 'nodes' | 'networks' | 'captures' | 'firewall';
type Uses = 'containers' | 'links' | 'routes' | 'rules' | 'sysctls' | 'neighbours' | 'traces';

/** A flow that a machine on the LAN does not let in, or whose answers it does not. */
interface Barred {
  readonly flow: Flow;
  /** The machine, by its name or address. */
  readonly peer: string;
  readonly because: string;
  /** The chains that drop, and what; empty where the look could not see into the machine. */
  readonly refused: readonly BlockedPassage[];
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
    if (first.refused.length === 0 && !answersWouldShow(view, flow))
      return cannotTell({
        missing: `the packet filter of ${first.peer}, and what its gateway does with its answers`,
        explains: idsOf(barred.map((one) => one.flow)),
        oneOf: ['peer-local-firewall', 'stateful-gateway-asymmetric-path'],
        test: on(
          first.peer,
          sh`tcpdump -ni any host ${flow.containerAddress ?? flow.from.address}   # no answers leave: its own firewall`,
        ),
      });
    return found({
      detail: { flow, peer: first.peer, peers, subnets: subnetsOf(barred.map((one) => one.flow)), barred },
      explains: idsOf(barred.map((one) => one.flow)),
      confidence: first.refused.length > 0 ? 'certain' : 'likely',
      because: peers.map(({ because }) => because),
    });
  },
  explain: ({ flow, peer, subnets }) =>
    `${complaint(flow)}: ${peer} itself drops what comes from ${subnets.join(' and ')}, which is not its own subnet.`,
  remedy: ({ peers, barred }) => {
    const of = (peer: string) => barred.filter((one) => one.peer === peer);
    const commands = peers.flatMap(({ peer }) =>
      acceptBlocked(
        peer,
        of(peer).flatMap(({ refused }) => refused),
      ),
    );
    return [
      ...(commands.length > 0
        ? [{ title: 'Let in what the failed checks send, on the machine itself', use: 'run' as const, commands }]
        : []),
      ...peers.map(({ peer }) => advice('The same on Windows', peer, onWindows(of(peer)))),
    ];
  },
});

/** Windows lets in the answers to what it asks by itself. */
function onWindows(barred: readonly Barred[]): readonly ShellCommand[] {
  const requests = trafficOf(barred.flatMap(({ flow }) => (flow.outbound ? [{ flow, part: 'request' as const }] : [])));
  return requests.map(({ sources, protocol, port }) => {
    const what =
      protocol === 'icmp' ? sh`ICMPv4 -IcmpType 8` : sh`${protocol.toUpperCase()} -LocalPort ${port ?? 'Any'}`;
    return sh`New-NetFirewallRule -DisplayName "Containers" -Direction Inbound -RemoteAddress ${embeddedList(sources, ',')} -Protocol ${what} -Action Allow`;
  });
}

/** Its rules drop it, and there it ends. */
function barredByRule(world: World, view: View<Needs, Uses>, flow: Flow): Barred | undefined {
  const peer = (flow.outbound ? flow.to : flow.from).node?.name ?? '';
  const firewall = view.firewall[peer];
  const path = firewall && pathOf(world, flow.probe);
  const [own, far] = flow.outbound ? [flow.to.address, flow.from.address] : [flow.from.address, flow.to.address];
  const hop =
    path && [...path.there, ...path.back].find((one) => one.hop === 'target' && one.predicted.verdict === 'blocks');
  if (!firewall || !hop || path.end?.hop !== 'target' || path.end.node !== peer || hop.node !== peer) return undefined;
  const device = world.deviceOf(peer, own);
  const outcome = filtered(firewall, INPUT, packetFor(flow, flow.outbound ? 'request' : 'reply', device));
  return outcome.kind === 'blocks'
    ? {
        ...{ flow, peer, because: `${peer}: ${deciderText(outcome.by)} drops what comes from ${far}.` },
        refused: refusedBy(firewall, flow, device),
      }
    : undefined;
}

const INPUT = ['prerouting', 'input'];

/** A flow's packet as the machine's own filter meets it. */
function packetFor(flow: Flow, part: 'request' | 'reply', device: string | undefined) {
  const comesIn = flow.outbound === (part === 'request');
  const state = part === 'request' ? ('new' as const) : ('established' as const);
  return { ...packetOf(flow, part), state, ...(comesIn ? { inDevice: device } : { outDevice: device }) };
}

/** Every chain that drops a direction of a flow, on its way in or out. */
function refusedBy(firewall: Firewall, flow: Flow, device: string | undefined): readonly BlockedPassage[] {
  return (['request', 'reply'] as const).flatMap((part) => {
    const hooks = flow.outbound === (part === 'request') ? INPUT : ['output', 'postrouting'];
    return placesBlocking(firewall, hooks, packetFor(flow, part, device)).map((at) => ({ flow, part, at }));
  });
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
  return { flow, peer, because, refused: [] };
}

/** Whether its answers, which go by the gateway, would have been seen there; and none was. */
function answersWouldShow({ captures, nodes }: View<Needs, Uses>, flow: Flow): boolean {
  const gateway = nodes.find(({ kind }) => kind === 'gateway')?.name ?? '';
  const looks = captures.filter(({ node, control }) => node === gateway && control === 'seen');
  return looks.length > 0 && looks.every((capture) => sighting(flow, capture).replies.length === 0);
}

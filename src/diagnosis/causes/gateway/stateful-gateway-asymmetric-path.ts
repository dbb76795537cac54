import type { NodeFact } from '../../../evidence/facts.js';
import { familyOf } from '../../../ip.js';
import { filtered } from '../../../network/filter.js';
import type { Decider } from '../../../network/packet-filter.js';
import type { TrackedState } from '../../../network/rule-match.js';
import { isLayer3 } from '../../../network/networks.js';
import { linksOfSegment } from '../../../network/segments.js';
import { sh } from '../../../shell.js';
import { advice, defineCause, found, type Observed } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, crossesParent, failing, idsOf, isOnLink, subnetsOf, telling } from '../../flow-questions.js';
import { dropForwarded, isUnseenRouter } from '../../hypotheses/router.js';
import { atPeer } from '../../symptoms/lan-looks.js';
import { acceptBlocked, type BlockedPassage } from '../../remedies/allow-traffic.js';
import type { RouteChange } from '../../remedies/changes/route.js';
import { routeViaHost, type StaticRoute } from '../../remedies/static-route.js';
import { serviceOf } from '../../remedies/traffic.js';
import { gatewayAddressFor } from '../../symptoms/return-routes.js';
import { sighting } from '../../symptoms/wire.js';

/** A flow of which the gateway sees only what the LAN sends, and drops it as part of no connection. */
interface HalfSeen {
  readonly flow: Flow;
  readonly by: Decider;
  /** The gateway's link that what the LAN sends comes in on. */
  readonly device: string;
}

export const statefulGatewayAsymmetricPath = defineCause({
  id: 'stateful-gateway-asymmetric-path',
  title: 'The router sees only one direction of the traffic between containers and LAN, and drops it',
  layer: 'gateway',
  kind: 'fault',
  hop: 'gateway-forward',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'links', 'captures', 'firewall'],
  background: `
    An L3 container's packets to a machine on the LAN go straight there, because the host has the LAN on-link. The replies
    take the static route via the router. A stateful router sees replies without their requests and drops them as invalid.
    So containers do not reach the LAN, while machines on the LAN can ping the containers. Router and internet are
    reachable, because both directions pass the router. TCP fails in both directions: a connection needs three packets.

    A container on two networks brings about the same in the other direction: it replies to a machine in the subnet of one network
    straight through that network, although the request to its address on the other came via the router.`,
  see: [
    'https://docs.netgate.com/pfsense/en/latest/troubleshooting/asymmetric-routing.html',
    'https://docs.opnsense.org/manual/firewall_settings.html',
  ],

  hypothesis: {
    scopes: (view, around) => (isUnseenRouter(view, around) ? [{}] : []),
    assume: (around) => dropForwarded(around, 'ct state invalid'),
    unseen: ({ network }) => `whether ${network.names.gateway?.name} drops replies to requests it did not see`,
    test: atPeer,
  },

  detect(view) {
    const { gateway } = view.network.names;
    if (!gateway) return undefined;
    const near = failing(view.flows).filter(
      (flow) => crossesParent(flow) && !isOnLink(flow) && (flow.peer === 'lan' || flow.peer === 'host'),
    );
    const dropped = near.flatMap((flow) => droppedAt(gateway, view, flow) ?? []);
    const flow = telling(dropped.map((one) => one.flow));
    const first = dropped.find((one) => one.flow === flow);
    if (!flow || !first) return undefined;
    const flows = dropped.map((one) => one.flow);
    const [source, destination] = fromLan(flow);
    return found({
      about: flow,
      detail: {
        ...{ flow, dropped, gateway: gateway.name, gatewayAddress: gatewayAddressFor(view.network, flow) },
        routes: subnetsOf(flows.filter(({ network }) => isLayer3(network))).map((subnet) =>
          routeViaHost(view.network, subnet),
        ),
      },
      explains: idsOf(flows),
      because: [
        { kind: 'not-sent-on', node: gateway.name, source, destination },
        { kind: 'filter-drops', node: gateway.name, by: first.by, what: { kind: 'untracked' } },
      ],
    });
  },
  explain: ({ flow, gatewayAddress }) =>
    flow.outbound
      ? `${complaint(flow)}: requests go straight to the LAN, and replies go via the router ${gatewayAddress}, which did not see the requests and drops the replies.`
      : `${complaint(flow)}: requests go via the router ${gatewayAddress}, and replies go straight to ${flow.from.label}. The router did not see the replies and drops what follows the first packet.`,
  remedy: ({ gateway, dropped, routes }) => [
    {
      title: 'Allow what the failed checks send from the LAN to the containers, in any connection state',
      use: 'run',
      changes: acceptBlocked(gateway, dropped.map(passage)),
    },
    // Only an L3 subnet is reached through the Docker host.
    ...(routes.length === 0
      ? []
      : [
          {
            title: 'Add the same route to the machines on the LAN, by hand or by DHCP (option 121)',
            use: 'advice' as const,
            changes: routes.map(onLan),
          },
        ]),
    advice('The same on pfSense / OPNsense', gateway, [
      routes.length > 0
        ? sh`# System > Advanced > Firewall & NAT: bypass firewall rules for traffic on the same interface`
        : sh`# Firewall > Rules: in the rule for this traffic, TCP flags "any" and state type "sloppy"`,
    ]),
  ],
});

/** Source and destination of what the LAN sends of a flow: its replies, or its requests when it is inbound. */
function fromLan({ outbound, from, to, containerAddress }: Flow): readonly [source: string, destination: string] {
  return [(outbound ? to : from).address, containerAddress ?? ''];
}

/** What the LAN sends to the container: replies without their request, or what follows a first packet. */
function passage({ flow, by, device }: HalfSeen): BlockedPassage {
  return { flow, part: flow.outbound ? 'untracked-reply' : 'request', at: by.place, inDevice: device };
}

function onLan({ subnet, via }: StaticRoute): RouteChange {
  return {
    kind: 'route',
    on: 'lan',
    do: 'replace',
    route: { destination: subnet, family: familyOf(subnet) ?? 4, via },
  };
}

/** Seen to come in at the gateway and not to leave, where its filter drops just what is part of no connection. */
function droppedAt(gateway: NodeFact, view: Observed, flow: Flow): HalfSeen | undefined {
  const firewall = view.network.firewall(gateway.name);
  const [source, destination] = fromLan(flow);
  // What the LAN sends comes in where the gateway has its sender, and leaves where it has the container.
  const deviceTo = (address: string) =>
    view.network.routing.deviceFor(gateway.name, { destination: address }) ??
    linksOfSegment(view.network, gateway.name, flow.network)[0];
  const [device, outDevice] = [deviceTo(source), deviceTo(destination)];
  if (!firewall || device === undefined || flow.containerAddress === undefined || !entersOnly(gateway, view, flow))
    return undefined;
  const { protocol } = serviceOf(flow);
  const crossing = (state: TrackedState) => {
    const packet = { source, destination, inDevice: device, ...(outDevice ? { outDevice } : {}), protocol, state };
    return filtered(firewall, ['prerouting', 'forward'], packet);
  };
  const untracked = crossing('invalid');
  return untracked.kind === 'blocks' && crossing('new').kind === 'passes'
    ? { flow, by: untracked.by, device }
    : undefined;
}

/** Replies, or what follows the first packet of a request, that come in at the gateway and do not all leave. */
function entersOnly(gateway: NodeFact, { observed }: Observed, flow: Flow): boolean {
  const packets = observed.captures
    .filter(({ node, control }) => node === gateway.name && control === 'seen')
    .map((capture) => sighting(flow, capture))
    .flatMap(({ requests, replies }) => (flow.outbound ? replies : requests));
  const going = (way: 'in' | 'out') => packets.filter(({ direction }) => direction === way).length;
  return going('in') > going('out');
}

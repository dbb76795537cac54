import type { NodeFact } from '../../evidence/facts.js';
import { contains, prefixLength, sameAddress } from '../../ip.js';
import type { NextHop } from '../../path/fib.js';
import { advice, defineCause, found, on, ruledOut, type Command, type View } from '../cause.js';
import type { Flow } from '../flow.js';
import { platformOf } from '../platform.js';
import { complaint, crossesParent, failing, idsOf, nodeOfKind, subnetOfFlow, subnetsOf, telling } from '../reading.js';
import {
  gatewayAddressFor,
  homecomings,
  hostAddressFor,
  unanswered,
  WAY_BACK_NEEDS,
  type WayBackNeeds,
} from '../way-back.js';
import { captureAt, sighting } from '../wire.js';

export const gatewayMissingReturnRoute = defineCause({
  id: 'gateway-missing-return-route',
  title: 'The gateway has no route back to the container subnet',
  layer: 'gateway',
  kind: 'fault',
  hop: 'gateway-route-back',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: WAY_BACK_NEEDS,
  uses: ['platform'],
  background: `
    Containers of an IPvlan L3 network live in subnets that exist only behind the Docker host. Their packets reach the
    gateway and beyond, but the gateway knows no way back: it sends the answers along its own default route, out to the
    internet, where they are lost. Containers still reach each other, and the host reaches everything, so that it looks
    as if something on the host were blocking. The gateway needs one static route for each container subnet, with the
    Docker host's address as the next hop.`,
  see: ['https://docs.docker.com/engine/network/drivers/ipvlan/', 'https://docs.kernel.org/networking/ipvlan.html'],

  detect(view) {
    const gateway = nodeOfKind(view.nodes, 'gateway');
    if (!gateway || !failing(view.flows).some(crossesParent)) return undefined;
    const home = homecomings(view);
    // A cloud has route tables in its place, and more that looks the same.
    if (!home) return platformOf(view)?.kind === 'cloud' ? undefined : fromSymptoms(view, gateway);
    const stranded = home.flatMap(({ flow, route }) => (route.kind === 'missing' ? [{ ...flow, hop: route.hop }] : []));
    if (stranded.length === 0)
      return home.length > 0 && home.every(({ route }) => route.kind === 'right')
        ? ruledOut(`${gateway.name} has a route back to ${subnetsOf(home.map(({ flow }) => flow)).join(' and ')}.`)
        : undefined;
    const lacks = distinct(stranded);
    return found<Detail>({
      detail: { view, gateway, lacks, flow: telling(stranded) },
      explains: idsOf(stranded),
      because: [
        ...lacks.map(({ subnet, hop }) => `${gateway.name}: ${lackText(subnet, hop)}.`),
        ...wire(view, stranded),
      ],
    });
  },
  explain: ({ flow, gateway, lacks }) =>
    `${flow ? complaint(flow) : ''}: the gateway ${flow ? gatewayAddressFor(gateway, flow) : ''} has no route back to ${lacks.map(({ subnet }) => subnet).join(' and ')}.`,
  remedy: ({ view, gateway, lacks }) => {
    const routes = lacks.map(({ subnet, hop }) => ({ subnet, hop, via: hostAddressFor(view.nodes, subnet) }));
    return [
      {
        title: 'Add a static route for each container subnet to the gateway, with the Docker host as next hop',
        use: 'run',
        commands: routes.flatMap(({ subnet, hop, via }) => addRoute(gateway.name, { subnet, hop, via })),
      },
      ...variants(routes),
    ];
  },
});

interface Detail {
  readonly view: View<WayBackNeeds>;
  readonly gateway: NodeFact;
  readonly lacks: readonly Lack[];
  readonly flow: Flow | undefined;
}

interface Lack {
  readonly subnet: string;
  readonly hop: NextHop | undefined;
}

/** One lack for each subnet; what forbids a part of it is a lack of its own. */
function distinct(stranded: readonly (Flow & { readonly hop: NextHop })[]): readonly Lack[] {
  const lacks = stranded.map((flow): Lack => ({ subnet: subnetOfFlow(flow) ?? '', hop: flow.hop }));
  return [...new Map(lacks.map((lack) => [`${lack.subnet} ${obstacle(lack.hop)?.destination ?? ''}`, lack])).values()];
}

/** The route that forbids what should be routed, if it is a route that does. */
function obstacle(hop: NextHop | undefined) {
  return hop?.kind === 'blocked' && 'destination' in hop.by && prefixLength(hop.by.destination) > 0
    ? hop.by
    : undefined;
}

function lackText(subnet: string, hop: NextHop | undefined): string {
  const route = obstacle(hop);
  if (route) return `a ${route.type} route for ${route.destination} swallows what is meant for ${subnet} (ip route)`;
  if (hop?.kind === 'blocked' && 'priority' in hop.by)
    return `rule ${hop.by.priority} says ${hop.type} to what is meant for ${subnet} (ip rule)`;
  return `no route but the default one matches ${subnet} (ip route)`;
}

/** Replaces a forbidding route of the same subnet, and takes a narrower one or a rule out of the way. */
function addRoute(node: string, { subnet, hop, via }: Lack & { readonly via: string }): readonly Command[] {
  const route = obstacle(hop);
  const same =
    route && sameAddress(route.destination, subnet) && prefixLength(route.destination) === prefixLength(subnet);
  const add = on(
    node,
    `ip route replace ${subnet} via ${via}`,
    same ? `ip route replace ${route.type} ${subnet}` : `ip route del ${subnet} via ${via}`,
  );
  if (route && !same && contains(subnet, route.destination))
    return [
      on(node, `ip route del ${route.type} ${route.destination}`, `ip route add ${route.type} ${route.destination}`),
      add,
    ];
  if (hop?.kind === 'blocked' && 'priority' in hop.by)
    return [on(node, `ip rule del priority ${hop.by.priority}`), add];
  return [add];
}

/** Without a look at the gateway: what leaves properly and is never answered, by anybody, has no way back. */
function fromSymptoms(view: View<WayBackNeeds>, gateway: NodeFact) {
  const seen = unanswered(view, gateway);
  // A gateway that asks by ARP has a route, and a wrong one.
  if (!seen || seen.soughtByGateway.length > 0) return undefined;
  const lacks = subnetsOf(seen.flows).map((subnet): Lack => ({ subnet, hop: undefined }));
  return found<Detail>({
    detail: { view, gateway, lacks, flow: telling(seen.flows) },
    explains: idsOf(seen.flows),
    confidence: 'likely',
    because: [
      ...wire(view, seen.flows),
      `The routes of ${gateway.name} could not be seen; "ip route get ${seen.flows[0]?.containerAddress}" there decides.`,
    ],
  });
}

function wire({ captures, nodes }: View<WayBackNeeds>, flows: readonly Flow[]): string[] {
  const flow = telling(flows);
  const parent = captureAt(captures, nodeOfKind(nodes, 'host')?.name ?? '');
  if (!flow?.outbound || !parent) return [];
  const { requests, replies, reliable } = sighting(flow, parent);
  if (!reliable || requests.length === 0) return [];
  return [
    `${parent.device}: ${requests.length} requests of ${flow.containerAddress} to ${flow.to.address} left, ${replies.length} answers came back.`,
  ];
}

/** The same static route on gateways that no run can drive. */
function variants(routes: readonly { readonly subnet: string; readonly via: string }[]) {
  const each = (command: (subnet: string, via: string) => string) =>
    routes.map(({ subnet, via }) => command(subnet, via));
  const azure = 'az network route-table route create -g GROUP --route-table-name TABLE -n containers';
  return [
    advice(
      'The same on OpenWrt',
      'gateway',
      each(
        (subnet, via) =>
          `uci add network route; uci set network.@route[-1].interface=lan; uci set network.@route[-1].target=${subnet}; uci set network.@route[-1].gateway=${via}; uci commit network; service network reload`,
      ),
    ),
    advice(
      'The same on MikroTik',
      'gateway',
      each((subnet, via) => `/ip route add dst-address=${subnet} gateway=${via}`),
    ),
    advice(
      'The same on pfSense / OPNsense',
      'gateway',
      each((subnet, via) => `# System > Routing: a gateway ${via} on LAN, then a static route ${subnet} by it`),
    ),
    advice(
      'The same on AWS',
      'docker',
      each(
        (subnet) =>
          `aws ec2 create-route --route-table-id RTB --destination-cidr-block ${subnet} --network-interface-id ENI && aws ec2 modify-network-interface-attribute --network-interface-id ENI --no-source-dest-check`,
      ),
    ),
    advice(
      'The same on Azure',
      'docker',
      each(
        (subnet, via) =>
          `${azure} --address-prefix ${subnet} --next-hop-type VirtualAppliance --next-hop-ip-address ${via} && az network nic update -g GROUP -n NIC --ip-forwarding true`,
      ),
    ),
    advice(
      'The same on Google Cloud, for an instance made with --can-ip-forward',
      'docker',
      each(
        (subnet, via) =>
          `gcloud compute routes create containers --destination-range=${subnet} --next-hop-address=${via}`,
      ),
    ),
  ];
}

import type { NodeFact } from '../../../evidence/facts.js';
import type { NextHop } from '../../../network/fib.js';
import { defineCause, found, ruledOut, type View } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { platformOf } from '../../symptoms/platform.js';
import { refusedSubnets } from '../../symptoms/refused-by-reverse-path.js';
import { leadHome, obstacle, onOtherGateways } from '../../remedies/static-route.js';
import { complaint, crossesParent, failing, idsOf, subnetOfFlow, subnetsOf, telling } from '../../flow-questions.js';
import { nodeOfKind } from '../../reading.js';
import {
  gatewayAddressFor,
  homecomings,
  hostAddressFor,
  unanswered,
  WAY_BACK_NEEDS,
  type WayBackNeeds,
} from '../../symptoms/way-back.js';
import { captureAt, sighting } from '../../symptoms/wire.js';

export const gatewayMissingReturnRoute = defineCause({
  id: 'gateway-missing-return-route',
  title: 'The gateway has no route back to the container subnet',
  layer: 'gateway',
  kind: 'fault',
  hop: 'gateway-route-back',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: WAY_BACK_NEEDS,
  uses: ['platform', 'sysctls'],
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
    const refused = refusedSubnets(view, home);
    const stranded = home.flatMap(({ flow, route }) =>
      route.kind === 'missing' && !refused.has(subnetOfFlow(flow)) ? [{ ...flow, hop: route.hop }] : [],
    );
    if (stranded.length === 0)
      return home.length > 0 && home.every(({ route }) => route.kind === 'right')
        ? ruledOut(`${gateway.name} has a route back to ${subnetsOf(home.map(({ flow }) => flow)).join(' and ')}.`)
        : undefined;
    const lacks = distinct(stranded);
    return found<Detail>({
      detail: { view, gateway, lacks, flow: telling(stranded) },
      explains: idsOf(stranded),
      // Whether it lets them in at all, to be answered, its reverse path filter decides.
      confidence: showsReversePath(view, gateway, stranded) ? 'certain' : 'likely',
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
        commands: routes.flatMap((route) => leadHome(gateway.name, route)),
      },
      ...onOtherGateways(routes),
    ];
  },
});

/** Whether the gateway's reverse path filter, by which requests come in, would have shown: its settings, its links, and requests. */
function showsReversePath(
  { sysctls, links }: View<WayBackNeeds, 'sysctls'>,
  { name }: NodeFact,
  stranded: readonly Flow[],
): boolean {
  return sysctls?.[name] !== undefined && links[name] !== undefined && stranded.some(({ outbound }) => outbound);
}

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

function lackText(subnet: string, hop: NextHop | undefined): string {
  const route = obstacle(hop);
  if (route) return `a ${route.type} route for ${route.destination} swallows what is meant for ${subnet} (ip route)`;
  if (hop?.kind === 'blocked' && 'priority' in hop.by)
    return `rule ${hop.by.priority} says ${hop.type} to what is meant for ${subnet} (ip rule)`;
  return `no route but the default one matches ${subnet} (ip route)`;
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

import type { NodeFact } from '../../../evidence/facts.js';
import type { NextHop } from '../../../network/fib.js';
import { sh } from '../../../shell.js';
import { advice, defineCause, found, type View } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, idsOf, subnetOfFlow, subnetsOf, telling } from '../../flow-questions.js';
import { hostName, nodeOfKind } from '../../reading.js';
import { refusedSubnets } from '../../symptoms/refused-by-reverse-path.js';
import { leadHome } from '../../remedies/static-route.js';
import {
  gatewayAddressFor,
  homecomings,
  hostAddressFor,
  unanswered,
  WAY_BACK_NEEDS,
  type WayBackNeeds,
} from '../../symptoms/way-back.js';
import { arpFor } from '../../../path/observe/sighting.js';
import { contains } from '../../../ip.js';
import { hostAddressesOn } from '../../../network/segments.js';
import { captureAt } from '../../symptoms/wire.js';

interface Detail {
  readonly gateway: NodeFact;
  readonly nodes: readonly NodeFact[];
  readonly astray: readonly Astray[];
  readonly flow: Flow | undefined;
}

/** A route of the gateway that leads astray. */
interface Astray {
  readonly subnet: string;
  /** Absent when the gateway could not be looked at. */
  readonly hop: Extract<NextHop, { kind: 'via' | 'on-link' }> | undefined;
  /** Where it leads now: a next hop, or a device when it is on-link. */
  readonly leadsTo: string;
}

export const gatewayReturnRouteWrongNextHop = defineCause({
  id: 'gateway-return-route-wrong-next-hop',
  title: "The gateway's route to the container subnet leads to the wrong next hop",
  layer: 'gateway',
  kind: 'fault',
  hop: 'gateway-route-back',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: WAY_BACK_NEEDS,
  uses: ['sysctls'],
  background: `
    There is a static route for the container subnet on the gateway, but it does not lead to the Docker host: its next hop
    is an old or mistyped address, another machine, or it is an on-link route, for which the gateway asks by ARP for each
    container, and containers in L3 mode never answer ARP. A host that gets its address by DHCP causes this when the
    address changes.`,
  see: ['https://docs.docker.com/engine/network/drivers/ipvlan/', 'https://docs.kernel.org/networking/ipvlan.html'],

  detect(view) {
    const gateway = nodeOfKind(view.nodes, 'gateway');
    if (!gateway) return undefined;
    const home = homecomings(view);
    if (!home) return fromSymptoms(view, gateway);
    const refused = refusedSubnets(view, home);
    const lost = home.flatMap(({ flow, route }) =>
      route.kind === 'wrong' && !refused.has(subnetOfFlow(flow)) ? [{ ...flow, hop: route.hop }] : [],
    );
    if (lost.length === 0) return undefined;
    const astray = distinct(
      lost
        .map((flow) => ({ subnet: subnetOfFlow(flow), hop: flow.hop }))
        .map(({ subnet, hop }) => ({
          subnet: subnet ?? hop.route.destination,
          hop,
          leadsTo: hop.kind === 'via' ? hop.gateway : hop.device,
        })),
    );
    return found<Detail>({
      detail: { gateway, astray, flow: telling(lost), nodes: view.nodes },
      explains: idsOf(lost),
      confidence: view.sysctls?.[gateway.name] ? 'certain' : 'likely',
      because: astray.map(
        (one) =>
          `${gateway.name}: ${one.hop?.route.destination} leads to ${one.leadsTo}, not to ${hostAddressFor(view.nodes, one.subnet)} (ip route).${inVain(view, one)}`,
      ),
    });
  },
  explain: ({ flow, gateway, astray: [one], nodes }) =>
    `${flow ? complaint(flow) : ''}: the gateway ${flow ? gatewayAddressFor(gateway, flow) : ''} sends what is meant for ${one?.subnet} to ${one?.leadsTo} instead of the Docker host ${hostAddressFor(nodes, one?.subnet ?? '')}.`,
  remedy: ({ gateway, astray, nodes }) => [
    {
      title: "Correct the gateway's static routes: the next hop is the Docker host's address on the LAN",
      use: 'run',
      commands: astray.flatMap(({ subnet, hop }) =>
        leadHome(gateway.name, { subnet, hop, via: hostAddressFor(nodes, subnet) }),
      ),
    },
    advice("Pin the Docker host's address, so that the route stays right", 'gateway', [
      sh`# DHCP server: reserve ${hostAddressFor(nodes, astray[0]?.subnet ?? '')} for the Docker host`,
    ]),
  ],
});

/** Without a look at the gateway: it asks by ARP, in vain, for a next hop that is not there or for the container itself. */
function fromSymptoms(view: View<WayBackNeeds>, gateway: NodeFact) {
  const seen = unanswered(view, gateway);
  const sought = seen?.soughtByGateway[0];
  if (!seen || sought === undefined) return undefined;
  // In the subnet of the LAN itself every machine asks for a container by ARP, and no route is wrong.
  const shared = seen.flows.some(({ network }) =>
    hostAddressesOn(view.network, network).some((own) => network?.subnets.some(({ subnet }) => contains(subnet, own))),
  );
  if (shared) return undefined;
  const astray = subnetsOf(seen.flows).map((subnet): Astray => ({ subnet, hop: undefined, leadsTo: sought }));
  return found<Detail>({
    detail: { gateway, astray, flow: telling(seen.flows), nodes: view.nodes },
    explains: idsOf(seen.flows),
    confidence: 'likely',
    because: [`The LAN shows ${gateway.name} asking by ARP for ${sought}, and nobody answers.`],
  });
}

function inVain({ captures, nodes }: View<WayBackNeeds>, { leadsTo, hop }: Astray): string {
  const arp = hop?.kind === 'via' ? arpFor(captureAt(captures, hostName(nodes)), leadsTo) : undefined;
  return arp?.asked && !arp.answered ? ` The LAN shows its ARP requests for ${leadsTo}, and nobody answers.` : '';
}

function distinct(all: readonly Astray[]): readonly Astray[] {
  return [...new Map(all.map((one) => [`${one.subnet} ${one.hop?.route.destination}`, one])).values()];
}

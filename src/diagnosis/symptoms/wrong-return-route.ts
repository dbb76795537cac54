import type { NextHop } from '../../network/fib.js';
import { arpFor } from '../../path/observe/sighting.js';
import type { Observed } from '../cause.js';
import type { Flow } from '../flow.js';
import { subnetOfFlow } from '../flow-questions.js';
import type { Observation } from '../observation.js';
import { routeViaHost, type StaticRoute } from '../remedies/static-route.js';

type WrongHop = Extract<NextHop, { kind: 'via' | 'on-link' }>;

/** A route of the gateway with a wrong next hop. */
export interface WrongRoute extends StaticRoute {
  /** Absent when the gateway could not be looked at. */
  readonly hop: WrongHop | undefined;
  /** Where it leads now: a next hop, or a device when it is on-link. */
  readonly leadsTo: string;
}

/** Each wrong route of some flows once. */
export function wrongRoutes(
  view: Observed,
  lost: readonly (Flow & { readonly hop: WrongHop })[],
): readonly WrongRoute[] {
  const all = lost.map((flow) => wrongRoute(view, flow));
  return [...new Map(all.map((one) => [`${one.subnet} ${one.hop?.route.destination}`, one])).values()];
}

function wrongRoute({ network }: Observed, flow: Flow & { readonly hop: WrongHop }): WrongRoute {
  const { hop } = flow;
  const subnet = subnetOfFlow(flow) ?? hop.route.destination;
  return { ...routeViaHost(network, subnet), hop, leadsTo: hop.kind === 'via' ? hop.gateway : hop.device };
}

/** What shows a wrong route: the route itself, and a next hop that does not reply to ARP. */
export function wrongRouteSeen(view: Observed, route: WrongRoute): readonly Observation[] {
  return [routeSeen(view, route), ...unansweredNextHop(view, route)];
}

function routeSeen({ network: { names, addresses } }: Observed, { subnet, hop, leadsTo }: WrongRoute): Observation {
  const expected = addresses.hostLike(subnet) ?? names.hostName;
  const destination = hop?.route.destination ?? subnet;
  return { kind: 'wrong-next-hop', node: names.gateway?.name ?? '', destination, leadsTo, expected };
}

function unansweredNextHop(view: Observed, { hop, leadsTo }: WrongRoute): readonly Observation[] {
  if (hop?.kind !== 'via') return [];
  const arp = arpFor(view.observed.capture(view.network.names.hostName), leadsTo);
  return arp.asked && !arp.answered ? [gatewayUnanswered(view, leadsTo)] : [];
}

/** ARP requests of the gateway for an address, without a reply. */
export function gatewayUnanswered({ network, observed }: Observed, address: string): Observation {
  const node = network.names.hostName;
  const name = network.names.gateway?.name ?? '';
  return { kind: 'unanswered-arp', at: { node, device: observed.capture(node)?.device }, asker: name, address };
}

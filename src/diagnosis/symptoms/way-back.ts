import type { NodeFact } from '../../evidence/facts.js';
import { returnRoute, type ReturnRoute } from '../../path/predict/return-route.js';
import { lookup } from '../../network/fib.js';
import { familyOf, sameAddress } from '../../ip.js';
import type { View } from '../cause.js';
import type { Flow } from '../flow.js';
import { crossesParent, failing, farAddress, isOnLink, isShutIn } from '../flow-questions.js';
import { isLayer3 } from '../../network/networks.js';
import { fibOf, hostName, nodeOfKind } from '../reading.js';
import { askedInVain, sourcesOf } from '../../path/observe/sighting.js';
import { hostAddressesOn, linksOfSegment } from '../../network/segments.js';
import { captureAt, isTranslated, sighting } from './wire.js';

/** What must be known to judge the gateway's way back to the containers. */
export type WayBackNeeds = 'nodes' | 'networks' | 'links' | 'routes' | 'rules' | 'captures';
export const WAY_BACK_NEEDS = ['nodes', 'networks', 'links', 'routes', 'rules', 'captures'] as const;

/** A failing flow whose answers come to the gateway, and what the gateway's routes do with them. */
export interface Homecoming {
  readonly flow: Flow;
  readonly route: ReturnRoute;
}

/**
 * Failing flows with what the gateway's own routes say about the way back to their container.
 *
 * @returns `undefined` when the gateway's routes could not be seen
 */
export function homecomings(view: View<WayBackNeeds>): readonly Homecoming[] | undefined {
  const gateway = nodeOfKind(view.nodes, 'gateway');
  const fib = gateway && fibOf(gateway.name, view);
  if (!fib) return undefined;
  const home = view.flows.filter((flow) => returnsByGateway(view, flow));
  // Who gets answers by this very route proves it right, whatever it looks like: another router may take it from there.
  const proven = new Set(
    home.filter(({ arrival }) => arrival === 'all').map(({ containerAddress }) => containerAddress),
  );
  return failing(home).flatMap((flow) => {
    const container = flow.containerAddress ?? '';
    if (proven.has(container)) return [{ flow, route: { kind: 'right' } }];
    const segment = linksOfSegment(view.network, gateway.name, flow.network);
    const hostAddresses = hostAddressesOn(view.network, flow.network);
    return [
      { flow, route: returnRoute(fib, { container, hostAddresses, answersArp: !isLayer3(flow.network), segment }) },
    ];
  });
}

/** Whether the answers to a flow, or its requests when it is inbound, need the gateway's route to the container. */
function returnsByGateway(view: View<WayBackNeeds>, flow: Flow): boolean {
  if (!crossesParent(flow) || flow.containerAddress === undefined || isOnLink(flow) || isShutIn(view.network, flow))
    return false;
  if (flow.outbound && isTranslated(flow, captureAt(view.captures, hostName(view.nodes)))) return false;
  if (flow.peer === 'gateway' || flow.peer === 'internet') return true;
  const far = (flow.outbound ? flow.to : flow.from).node;
  const fib = far && fibOf(far.name, view);
  if (!fib) return flow.peer !== 'host';
  const hop = lookup(fib, { destination: flow.containerAddress });
  return (
    hop.kind === 'via' &&
    (nodeOfKind(view.nodes, 'gateway')?.addresses.some((own) => sameAddress(own, hop.gateway)) ?? false)
  );
}

/** What the Docker host alone can see of a gateway that has no way back. */
export interface Unanswered {
  readonly flows: readonly Flow[];
  /** Addresses the gateway asks for by ARP in vain: a next hop that is not there, or the container itself. */
  readonly soughtByGateway: readonly string[];
}

/**
 * Without a look at the gateway: what leaves properly for a gateway that answers the host, and is never answered.
 *
 * @returns `undefined` when the symptoms do not fit, or something from outside reaches the container
 */
export function unanswered(view: View<WayBackNeeds>, gateway: NodeFact): Unanswered | undefined {
  const parent = captureAt(view.captures, hostName(view.nodes));
  const home = view.flows.filter((flow) => returnsByGateway(view, flow));
  const lost = failing(home);
  const silent = lost.filter((flow) => {
    const { requests, replies, reliable } = sighting(flow, parent);
    const own = sourcesOf(requests).some((source) => sameAddress(source, flow.containerAddress ?? ''));
    return flow.outbound && reliable && own && replies.length === 0;
  });
  const toGateway = home.filter(({ outbound, peer }) => outbound && peer === 'gateway');
  const gatewayAnswersHost = view.flows.some(
    ({ from, to, arrival }) => from.node?.kind === 'host' && to.node?.name === gateway.name && arrival === 'all',
  );
  const contradicted = home.some(({ arrival }) => arrival === 'all');
  if (contradicted || !gatewayAnswersHost || !toGateway.some((flow) => silent.includes(flow))) return undefined;
  const inbound = lost.filter(({ outbound }) => !outbound);
  return { flows: [...silent, ...inbound], soughtByGateway: askedInVain(parent, gateway.addresses) };
}

/** The host's address a static route should lead to, in the family of the subnet. */
export function hostAddressFor(nodes: readonly NodeFact[], subnet: string): string {
  const own = nodeOfKind(nodes, 'host')?.addresses ?? [];
  return own.find((address) => familyOf(address) === familyOf(subnet)) ?? own[0] ?? 'HOST';
}

/** The gateway's own address in a flow's family, for sentences. */
export function gatewayAddressFor(gateway: NodeFact | undefined, flow: Flow): string {
  const family = familyOf(farAddress(flow)) ?? familyOf(flow.containerAddress ?? '');
  return gateway?.addresses.find((address) => familyOf(address) === family) ?? gateway?.addresses[0] ?? '';
}

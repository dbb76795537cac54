import { familyOf } from '../../ip.js';
import type { NetworkState } from '../../network/network-state.js';
import { isLayer3 } from '../../network/networks.js';
import { hostAddressesOn, linksOfSegment } from '../../network/segments.js';
import { returnRoute, type ReturnRoute } from '../../path/predict/return-route.js';
import type { Observed } from '../cause.js';
import type { Flow } from '../flow.js';
import { crossesParent, failing, farAddress, isOnLink, isShutIn } from '../flow-questions.js';
import type { Observation } from '../observation.js';
import { isTranslated, sighting } from './wire.js';

/** What must be known to judge the gateway's routes to the containers. */
export const RETURN_ROUTE_NEEDS = ['nodes', 'networks', 'links', 'routes', 'rules', 'captures'] as const;

/** A failing flow whose replies come to the gateway, and what the gateway's routes do with them. */
export interface Returning {
  readonly flow: Flow;
  readonly route: ReturnRoute;
}

/**
 * Failing flows with what the gateway's own routes say about the return to their container.
 *
 * @returns `undefined` when the gateway's routes were not seen
 */
export function returningFlows(view: Observed): readonly Returning[] | undefined {
  const { names, routing } = view.network;
  const { gateway } = names;
  const fib = routing.fib(gateway?.name);
  if (!gateway || !fib) return undefined;
  const returning = view.flows.filter((flow) => returnsByGateway(view, flow));
  // This route is right for a container that gets replies: another router may forward them.
  const replied = new Set(
    returning.filter(({ arrival }) => arrival === 'all').map(({ containerAddress }) => containerAddress),
  );
  return failing(returning).map((flow): Returning => {
    const container = flow.containerAddress ?? '';
    if (replied.has(container)) return { flow, route: { kind: 'right' } };
    const segment = linksOfSegment(view.network, gateway.name, flow.network);
    const hostAddresses = hostAddressesOn(view.network, flow.network);
    const answersArp = !isLayer3(flow.network);
    return { flow, route: returnRoute(fib, { container, hostAddresses, answersArp, segment }) };
  });
}

/** Whether the replies to a flow, or its requests when it is inbound, need the gateway's route to the container. */
function returnsByGateway({ network, observed }: Observed, flow: Flow): boolean {
  const { names, routing } = network;
  if (!crossesParent(flow) || flow.containerAddress === undefined || isOnLink(flow) || isShutIn(network, flow))
    return false;
  if (flow.outbound && isTranslated(flow, observed.capture(names.hostName))) return false;
  if (flow.peer === 'gateway' || flow.peer === 'internet') return true;
  const far = (flow.outbound ? flow.to : flow.from).node;
  const hop = far && routing.lookup(far.name, { destination: flow.containerAddress });
  return hop ? hop.kind === 'via' && names.isGateway(hop.gateway) : flow.peer !== 'host';
}

/** What a parent, or the first captured, saw of a flow that leaves: nothing where no request was seen. */
export function requestsSeen(
  { network, observed }: Observed,
  flow: Flow | undefined,
  parent?: string,
): readonly Observation[] {
  const node = network.names.hostName;
  const capture = observed.capture(node, parent);
  if (!flow?.outbound || !capture) return [];
  const { requests, replies, reliable } = sighting(flow, capture);
  if (!reliable || requests.length === 0) return [];
  const source = flow.containerAddress ?? flow.from.address;
  return [
    {
      kind: 'packets-seen',
      at: { node, device: capture.device },
      ...{ source, destination: flow.to.address, requests: requests.length, replies: replies.length },
    },
  ];
}

/** The gateway's own address in a flow's family, for sentences. */
export function gatewayAddressFor({ names, addresses }: NetworkState, flow: Flow): string {
  const far = farAddress(flow);
  const like = familyOf(far) === undefined ? (flow.containerAddress ?? '') : far;
  return addresses.routerLike(like) ?? names.gateway?.addresses[0] ?? '';
}

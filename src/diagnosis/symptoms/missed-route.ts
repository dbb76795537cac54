import type { Route } from '../../evidence/facts.js';
import { contains, sameAddress } from '../../ip.js';
import { isDefault } from '../../network/default-route.js';
import type { NetworkState } from '../../network/network-state.js';
import { isLayer3 } from '../../network/networks.js';
import { linksOfSegment } from '../../network/segments.js';
import type { Observed } from '../cause.js';
import type { Flow } from '../flow.js';
import { crossesParent, ownDevice, subnetOfFlow } from '../flow-questions.js';
import type { Observation } from '../observation.js';
import { flowSeen } from './wire.js';

/** A flow that a machine on the same LAN would send to another next hop, because it has a narrower route. */
export interface MissedRoute {
  readonly flow: Flow;
  readonly container: string;
  /** The container's own link, which the next hop is reached through. */
  readonly device: string;
  /** The machine that has the route, and the route. */
  readonly node: string;
  readonly route: Route;
  readonly via: string;
  /** The next hop of the container's default route. */
  readonly usual: string;
  /** The node of that next hop: its name, or its address. */
  readonly router: string;
  /** That machine's own flow to the same address, which arrives. Absent where it was not asked. */
  readonly reached: Flow | undefined;
}

/**
 * A container that sends by its default route what another machine on its LAN sends to another next hop in the container's own
 * subnet; `undefined` where the usual router sends it there too, or where that machine does not get through either.
 */
export function missedRoute(view: Observed, flow: Flow): MissedRoute | undefined {
  const { network: state } = view;
  const usual = usualHop(state, flow);
  if (!usual) return undefined;
  const { container, gateway, router } = usual;
  const destination = flow.to.address;
  for (const node of [state.names.hostName, ...state.names.onLan.map(({ name }) => name)]) {
    const hop = state.routing.lookup(node, { destination });
    if (node === router || hop?.kind !== 'via' || !isBetter(state, flow, { node, ...hop })) continue;
    const asked = view.flows.filter((other) => other.from.node?.name === node && other.to.address === destination);
    const reached = asked.find(({ arrival }) => arrival === 'all');
    if (asked.length > 0 && !reached) continue;
    return {
      ...{ flow, container, device: ownDevice(state, flow), node, route: hop.route, via: hop.gateway },
      ...{ usual: gateway, router: router ?? gateway, reached },
    };
  }
  return undefined;
}

/** The next hop of the container's default route, where it sends a flow by that; `undefined` also where that one knows better. */
function usualHop(state: NetworkState, flow: Flow) {
  const { container, containerAddress: source, network } = flow;
  const destination = flow.to.address;
  if (!container || !flow.outbound || !crossesParent(flow) || isLayer3(network) || destination === '') return undefined;
  const own = state.routing.lookup(container.name, { destination, source });
  if (own?.kind !== 'via' || !isDefault(own.route)) return undefined;
  const router = state.names.knownBy(own.gateway)[0]?.name;
  const onward = state.routing.lookup(router, { destination });
  if (onward && 'route' in onward && !isDefault(onward.route)) return undefined;
  return { container: container.name, gateway: own.gateway, router };
}

interface Hop {
  readonly node: string;
  readonly gateway: string;
  readonly device: string;
  readonly route: Route;
}

/** No default route, through a link on the container's segment, to a next hop that the container reaches without a router. */
function isBetter(state: NetworkState, flow: Flow, { node, gateway, device, route }: Hop): boolean {
  const subnet = subnetOfFlow(flow);
  const onSegment =
    node === state.names.hostName
      ? device === flow.network?.parent
      : linksOfSegment(state, node, flow.network).includes(device);
  const near = /^fe80/i.test(gateway) || (subnet !== undefined && contains(subnet, gateway));
  return onSegment && near && !isDefault(route) && !sameAddress(gateway, flow.containerAddress ?? '');
}

/** What shows it: the machine's route, that it gets through, and the container's default route. */
export function missedRouteSeen({ flow, container, node, route, via, usual, reached }: MissedRoute) {
  return [
    { kind: 'route', node, destination: flow.to.address, via, device: route.device },
    ...(reached ? [flowSeen(reached)] : []),
    { kind: 'default-route', node: container, via: usual },
  ] satisfies readonly Observation[];
}

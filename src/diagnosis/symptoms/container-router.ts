import { contains, subnetOf } from '../../ip.js';
import { placesBlocking } from '../../network/filter.js';
import type { NetworkState } from '../../network/network-state.js';
import type { FlowPath, PathHop } from '../../path/path.js';
import type { Reason } from '../../path/reason.js';
import type { Observed } from '../cause.js';
import type { Flow } from '../flow.js';
import { blockedBothWays, type BlockedPassage } from '../remedies/allow-traffic.js';
import { packetOf } from '../remedies/traffic.js';

/** What stops a flow in a container that is the router of its sender or target. */
export interface RouterBlock {
  readonly flow: Flow;
  readonly router: string;
  readonly reason: Extract<Reason, { kind: 'rule' | 'policy' | 'forwarding-off' | 'not-translated' }>;
  /** The link it leaves the router by; `undefined` where its routes were not seen. */
  readonly device: string | undefined;
  /** What the router should masquerade: the subnet of its sender, else its address alone. */
  readonly source: string;
  /** What the router's FORWARD hook drops of it. */
  readonly blocked: readonly BlockedPassage[];
}

/** Where a flow is lost in a container that is to forward it; `undefined` where no container does, or the loss lies elsewhere. */
export function routerBlock(
  { network, paths }: Pick<Observed, 'network' | 'paths'>,
  flow: Flow,
): RouterBlock | undefined {
  // What is measured of a flow costs much, and few pass a container.
  if (!paths.predicted(flow.probe).some(({ node }) => isRouter(network, node, flow))) return undefined;
  const step = losingStep(paths.ofAny(flow.probe));
  if (!step || !isRouter(network, step.node, flow) || step.predicted.verdict !== 'blocks') return undefined;
  const { reason } = step.predicted;
  if (!isOfRouter(reason)) return undefined;
  const router = step.node;
  const { routing } = network;
  const device = routing.deviceFor(router, { destination: flow.to.address });
  const inDevice = routing.deviceFor(router, { destination: flow.from.address });
  const source = sourceSubnet(network, router, flow.from.address);
  return {
    flow,
    router,
    reason,
    device,
    source,
    blocked: passages(network, { flow, router, inDevice, outDevice: device }),
  };
}

/** Where it is seen to be lost; where no capture was awake, where that is predicted. */
function losingStep({ forward, return: returned, agreement }: FlowPath): PathHop | undefined {
  const hops = [...forward, ...returned];
  return (
    hops.find(({ observed }) => observed === 'lost') ??
    (agreement === 'not observed' ? hops.find(({ predicted }) => predicted.verdict === 'blocks') : undefined)
  );
}

function isRouter({ names }: NetworkState, node: string, { from, to }: Flow): boolean {
  return names.container(node) !== undefined && node !== from.node?.name && node !== to.node?.name;
}

function isOfRouter(reason: Reason): reason is RouterBlock['reason'] {
  return ['rule', 'policy', 'forwarding-off', 'not-translated'].includes(reason.kind);
}

function sourceSubnet({ links }: NetworkState, router: string, source: string): string {
  const subnets = (links.of(router) ?? []).flatMap(({ addresses }) => addresses.map(subnetOf));
  return subnets.find((subnet) => contains(subnet, source)) ?? source;
}

interface Crossing {
  readonly flow: Flow;
  readonly router: string;
  readonly inDevice: string | undefined;
  readonly outDevice: string | undefined;
}

function passages(network: NetworkState, { flow, router, inDevice, outDevice }: Crossing): readonly BlockedPassage[] {
  const firewall = network.firewall(router);
  if (!firewall) return [];
  const hooks = ['forward'];
  const request = { ...packetOf(flow, 'request'), state: 'new' as const, inDevice, outDevice };
  const places = placesBlocking(firewall, hooks, request);
  return blockedBothWays(flow, { firewall, hooks, places, inDevice, outDevice });
}

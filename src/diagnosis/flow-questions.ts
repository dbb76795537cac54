import type { Link } from '../evidence/facts.js';
import { contains, sameAddress } from '../ip.js';
import type { NetworkState } from '../network/network-state.js';
import type { Port } from '../network/listening.js';
import { isLayer3 } from '../network/networks.js';
import { overText } from '../scenario/plan.js';
import type { Flow } from './flow.js';

/** Flows that did not arrive, or not reliably. */
export function failing(flows: readonly Flow[]): readonly Flow[] {
  return flows.filter(({ arrival }) => arrival === 'none' || arrival === 'some');
}

/** Whether any of its packets arrive. */
export function getsThrough({ arrival }: Flow): boolean {
  return arrival === 'all' || arrival === 'some';
}

export function idsOf(flows: readonly Flow[]): readonly string[] {
  return [...new Set(flows.map(({ id }) => id))];
}

/** Whether a flow leaves or enters the host through the network's parent. Flows between siblings never do. */
export function crossesParent({ container, network, peer }: Flow): boolean {
  return container !== undefined && network?.parent !== undefined && network.driver !== 'bridge' && peer !== 'sibling';
}

/** The address at the other end, as the container sees it. */
export function farAddress({ outbound, from, to }: Flow): string {
  return outbound ? to.address : from.address;
}

/** Whether the far end lies in the container's own subnet, and the container sends to it without a gateway. */
export function isOnLink(flow: Flow): boolean {
  const far = farAddress(flow);
  const own = flow.containerAddress === undefined ? flow.network?.subnets : [{ subnet: subnetOfFlow(flow) ?? '' }];
  return !isLayer3(flow.network) && (own?.some(({ subnet }) => subnet && far && contains(subnet, far)) ?? false);
}

/** The subnet of its network that the flow's container lives in. */
export function subnetOfFlow({ network, containerAddress }: Flow): string | undefined {
  return network?.subnets.find(({ subnet }) => containerAddress !== undefined && contains(subnet, containerAddress))
    ?.subnet;
}

/** The distinct subnets of some flows' containers, in the order they appear. */
export function subnetsOf(flows: readonly Flow[]): readonly string[] {
  return [...new Set(flows.flatMap((flow) => subnetOfFlow(flow) ?? []))];
}

/**
 * The flow to report: of those that are checks, else of all, one from a container to the internet, else one from a container,
 * else the first.
 */
export function telling<Any extends Flow>(flows: readonly Any[]): Any | undefined {
  const asked = flows.filter(({ probe }) => probe.purpose === 'check');
  const from = asked.length > 0 ? asked : flows;
  return (
    from.find(({ outbound, peer }) => outbound && peer === 'internet') ??
    from.find(({ outbound }) => outbound) ??
    from[0]
  );
}

/** `webapp (192.168.10.10)` */
export function named({ container, containerAddress }: Flow): string {
  return `${container?.name} (${containerAddress})`;
}

/** `webapp (192.168.10.10) cannot reach google.com`, with the sender first. */
export function complaint(flow: Flow): string {
  if (flow.probe.outcome.kind === 'not-asked')
    return `Predicted: ${flow.from.label} cannot reach ${named(flow)} over ${overText(flow.probe.over)}`;
  return flow.outbound || !flow.container
    ? `${flow.container ? named(flow) : flow.from.label} cannot reach ${flow.to.label}`
    : `${flow.from.label} cannot reach ${named(flow)}`;
}

/** The container's own end of a flow: the link that holds its address, as the kernel has it now. */
export function ownLink({ addresses }: NetworkState, { container, containerAddress = '' }: Flow): Link | undefined {
  return addresses.linkWith(container?.name, containerAddress);
}

/** The name of that link; `eth0`, as Docker calls a container's first, where it was not seen. */
export function ownDevice(network: NetworkState, flow: Flow): string {
  return ownLink(network, flow)?.name ?? 'eth0';
}

/** Whether a container has lost the address Docker gave it: its routes went with it. Not where its links were not seen. */
export function lacksItsAddress({ addresses }: NetworkState, { container, containerAddress }: Flow): boolean {
  return container !== undefined && containerAddress !== undefined && addresses.lacks(container, containerAddress);
}

/** The port of a service that a flow asks for; `undefined` where it asks for none. */
export function portAsked({ probe: { over } }: Flow): Port | undefined {
  if (over.protocol === 'http') return { protocol: 'tcp', port: 80 };
  return over.protocol === 'tcp' || over.protocol === 'udp' ? { protocol: over.protocol, port: over.port } : undefined;
}

/** A flow between two containers as its target sees it; `undefined` for all others. */
export function seenByTarget({ names }: NetworkState, flow: Flow): Flow | undefined {
  const { node, address } = flow.to;
  const container = flow.outbound ? names.container(node?.name) : undefined;
  const attached = container?.attachments.find(({ addresses }) => addresses.some((own) => sameAddress(own, address)));
  if (!attached) return undefined;
  const network = names.network(attached.network);
  return { ...flow, container, containerAddress: address, network, outbound: false };
}

/** A container of an internal network that has no route to the far end, so that it can neither send to it nor reply. */
export function isShutIn({ routing }: NetworkState, flow: Flow): boolean {
  const far = farAddress(flow);
  if (flow.network?.internal !== true || far === '') return false;
  const hop = routing.lookup(flow.container?.name, { destination: far, source: flow.containerAddress });
  // Docker gives such a network no default route; whether the container changed that was not observed.
  return hop === undefined || hop.kind === 'none';
}

import type { ContainerFact, Link, NetworkFact, NodeFact, PerNode, Route, Rule } from '../evidence/facts.js';
import { bare, contains, sameAddress } from '../ip.js';
import { lookup, type Fib } from '../network/fib.js';
import type { Flow } from './flow.js';

/** Flows that did not arrive, or not reliably. */
export function failing(flows: readonly Flow[]): readonly Flow[] {
  return flows.filter(({ arrival }) => arrival === 'none' || arrival === 'some');
}

/** Whether anything of it arrives: what is lost on the way gets through all the same, now and then. */
export function getsThrough({ arrival }: Flow): boolean {
  return arrival === 'all' || arrival === 'some';
}

export function idsOf(flows: readonly Flow[]): readonly string[] {
  return [...new Set(flows.map(({ id }) => id))];
}

/** Whether a flow leaves the host by the network's parent, or comes in by it: siblings never do. */
export function crossesParent({ container, network, peer }: Flow): boolean {
  return container !== undefined && network?.parent !== undefined && network.driver !== 'bridge' && peer !== 'sibling';
}

/** IPvlan in a mode in which the host's own routes decide, and the host's OUTPUT hook is crossed. */
export function isLayer3(network: NetworkFact | undefined): boolean {
  return network?.driver === 'ipvlan' && (network.mode === 'l3' || network.mode === 'l3s');
}

/** The address at the other end, as the container sees it. */
export function farAddress({ outbound, from, to }: Flow): string {
  return outbound ? to.address : from.address;
}

/** Whether the far end lies in the container's own subnet, and the container talks to it without a gateway. */
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
 * The flow to tell the story with: of those somebody asked about, else of all, a container on its way to the internet, else on
 * its way anywhere, else the first.
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

/** `webapp (192.168.10.10) cannot reach google.com`, from whichever end it was tried. */
export function complaint(flow: Flow): string {
  return flow.outbound || !flow.container
    ? `${flow.container ? named(flow) : flow.from.label} cannot reach ${flow.to.label}`
    : `${flow.from.label} cannot reach ${named(flow)}`;
}

export function nodeOfKind(nodes: readonly NodeFact[], kind: NodeFact['kind']): NodeFact | undefined {
  return nodes.find((node) => node.kind === kind);
}

/** The Docker host's name among the nodes. */
export function hostName(nodes: readonly NodeFact[]): string {
  return nodeOfKind(nodes, 'host')?.name ?? 'host';
}

export function holds(node: NodeFact | undefined, address: string): boolean {
  return node?.addresses.some((own) => sameAddress(own, address)) ?? false;
}

/** Of some links, the one that holds an address. */
export function linkHolding(links: readonly Link[] | undefined, address: string): Link | undefined {
  return links?.find(({ addresses }) => addresses.some((own) => sameAddress(bare(own), address)));
}

/** The link of a node that holds an address; `eth0`, as Docker calls a container's first, where that was not seen. */
export function deviceOf(
  { links }: { readonly links: PerNode<readonly Link[]> },
  node: string,
  address: string,
): string {
  return linkHolding(links[node], address)?.name ?? 'eth0';
}

/** Whether a container has lost the address Docker gave it: its routes went with it. Not where its links went unseen. */
export function lacksItsAddress(
  { links }: { readonly links?: PerNode<readonly Link[]> | undefined },
  { container, containerAddress }: Flow,
): boolean {
  const own = links?.[container?.name ?? ''];
  if (!own || containerAddress === undefined) return false;
  return linkHolding(own, containerAddress) === undefined;
}

/** A flow between two containers as the one that is asked sees it; `undefined` for all others. */
export function seenByTarget(
  {
    containers,
    networks,
  }: { readonly containers: readonly ContainerFact[]; readonly networks: readonly NetworkFact[] },
  flow: Flow,
): Flow | undefined {
  const { node, address } = flow.to;
  const container = flow.outbound ? containers.find(({ name }) => name === node?.name) : undefined;
  const attached = container?.attachments.find(({ addresses }) => addresses.some((own) => sameAddress(own, address)));
  if (!attached) return undefined;
  const network = networks.find(({ name }) => name === attached.network);
  return { ...flow, container, containerAddress: address, network, outbound: false };
}

/** What a node routes by; `undefined` unless both its routes and its rules were seen. */
export function fibOf(node: string, view: Routing): Fib | undefined {
  const [routes, rules] = [view.routes[node], view.rules[node]];
  return routes && rules && { routes, rules };
}

/** A container of an internal network that knows no way to the far end, so that it can neither ask it nor answer. */
export function isShutIn(view: Routing, flow: Flow): boolean {
  const fib = fibOf(flow.container?.name ?? '', view);
  const far = farAddress(flow);
  if (flow.network?.internal !== true || far === '') return false;
  // Docker gives such a network no way out; what the container made of that since was not seen.
  return fib === undefined || lookup(fib, { destination: far, source: flow.containerAddress }).kind === 'none';
}

interface Routing {
  readonly routes: PerNode<readonly Route[]>;
  readonly rules: PerNode<readonly Rule[]>;
}

/** What a link can do now. */
export type LinkState = 'up' | 'down' | 'no-carrier';

/** @returns `undefined` when the link was not seen */
export function linkState(links: readonly Link[] | undefined, name: string | undefined): LinkState | undefined {
  const link = links?.find((candidate) => candidate.name === name);
  if (!link) return undefined;
  if (!link.adminUp) return 'down';
  return link.carrier && link.operState !== 'LOWERLAYERDOWN' && link.operState !== 'DOWN' ? 'up' : 'no-carrier';
}

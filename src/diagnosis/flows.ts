import type { Evidence, ProbeResult } from '../evidence/evidence.js';
import type { ContainerFact, NetworkFact, NodeFact } from '../evidence/facts.js';
import { contains, familyOf, sameAddress, subnetOf } from '../ip.js';
import { arrivesPartly } from '../path/observe/loss.js';
import { NetworkState } from '../network/network-state.js';
import type { Arrival, Flow, FlowEnd } from './flow.js';

/** Every probe joined with what is known of its two ends. Without facts about nodes the ends stay unnamed. */
export function flowsOf({ facts, probes }: Evidence): readonly Flow[] {
  const networks = facts.networks ?? [];
  const known: Known = {
    nodes: facts.nodes ?? [],
    networks,
    containers: facts.containers ?? [],
    lans: lansOf(facts),
    state: new NetworkState(facts),
  };
  return probes.map((probe) => flowOf(probe, known));
}

/** The subnets the host itself has on the parents: each address in them is on the LAN, with or without a holder. */
function lansOf({ nodes, networks, links }: Evidence['facts']): readonly string[] {
  const host = nodes?.find(({ kind }) => kind === 'host')?.name ?? '';
  const parents = new Set(networks?.map(({ parent }) => parent));
  return (links?.[host] ?? []).filter(({ name }) => parents.has(name)).flatMap((link) => link.addresses.map(subnetOf));
}

interface Known {
  readonly nodes: readonly NodeFact[];
  readonly networks: readonly NetworkFact[];
  readonly containers: readonly ContainerFact[];
  readonly lans: readonly string[];
  readonly state: NetworkState;
}

function flowOf(probe: ProbeResult, known: Known): Flow {
  const nodeNamed = (wanted: string | undefined) => known.nodes.find(({ name }) => name === wanted);
  const to: FlowEnd = { node: nodeNamed(probe.to.node), label: probe.to.label, address: probe.to.address };
  const sender = nodeNamed(probe.from);
  const outbound = sender?.kind === 'container';
  const end = outbound ? sender : to.node?.kind === 'container' ? to.node : undefined;
  const container = known.containers.find(({ name }) => name === end?.name);
  const attached = container && attachment(container, { probe, outbound, ...known });
  const own = outbound ? attached?.address : undefined;
  const from: FlowEnd = {
    node: sender,
    label: probe.from,
    address: own ?? probe.source ?? sameFamily(sender, probe.to.address),
  };
  const far = container && !outbound ? from : to;
  return {
    id: probe.id,
    probe,
    arrival: arrivalOf(probe),
    from,
    to,
    container,
    containerAddress: attached?.address,
    network: attached?.network,
    peer: container ? peerOf(far, attached?.network, known) : 'elsewhere',
    farSubnet: known.lans.find((subnet) => far.address !== '' && contains(subnet, far.address)),
    outbound,
  };
}

/** The address a node answers from: its first of the family probed. */
function sameFamily(node: NodeFact | undefined, address: string): string {
  return node?.addresses.find((own) => familyOf(own) === familyOf(address)) ?? '';
}

/** How much of what was sent arrived. */
export function arrivalOf({ outcome }: ProbeResult): Arrival {
  if (outcome.kind === 'not-running') return 'none';
  if (outcome.kind !== 'attempts' || outcome.sent === 0) return 'unknown';
  if (outcome.arrived === 0) return 'none';
  return arrivesPartly(outcome) ? 'some' : 'all';
}

interface Attached {
  readonly address: string;
  readonly network: NetworkFact | undefined;
}

/**
 * The address and network a container uses for a flow: those on the far end's own network where it has them, else those
 * its route leads by, else its first.
 */
function attachment(
  container: ContainerFact,
  { probe, outbound, networks, state }: Pick<Known, 'networks' | 'state'> & { probe: ProbeResult; outbound: boolean },
): Attached | undefined {
  const family = familyOf(probe.to.address);
  const all = container.attachments.flatMap((one) =>
    one.addresses
      .filter((address) => familyOf(address) === family)
      .map((address): Attached => ({ address, network: networks.find(({ name }) => name === one.network) })),
  );
  const exact = outbound ? undefined : all.find(({ address }) => sameAddress(address, probe.to.address));
  const near = all.find(({ network }) => network?.subnets.some(({ subnet }) => contains(subnet, probe.to.address)));
  const routed = all.length > 1 ? routedBy(state, container.name, probe.to.address) : undefined;
  return exact ?? near ?? all.find(({ network }) => network !== undefined && network === routed) ?? all[0];
}

/** The network that a container's own route to an address leads by; `undefined` when its routes or links were not seen. */
function routedBy(state: NetworkState, container: string, destination: string): NetworkFact | undefined {
  const hop = state.routing.lookup(container, { destination });
  const own = state.names.container(container);
  if (!own || !hop || !('device' in hop) || !state.links.link(container, hop.device)) return undefined;
  return state.addresses.networkBehind(own, { device: hop.device, source: '' });
}

function peerOf(
  { node, address }: FlowEnd,
  network: NetworkFact | undefined,
  { containers, lans }: Known,
): Flow['peer'] {
  switch (node?.kind) {
    case 'container': {
      const other = containers.find(({ name }) => name === node.name);
      return other?.attachments.some((one) => one.network === network?.name) ? 'sibling' : 'other-container';
    }
    case 'host':
    case 'gateway':
    case 'internet':
      return node.kind;
    case 'peer':
      return 'lan';
    default:
      return near(address, [...lans, ...(network?.subnets ?? []).map(({ subnet }) => subnet)]) ? 'lan' : 'internet';
  }
}

function near(address: string, subnets: readonly string[]): boolean {
  return address !== '' && subnets.some((subnet) => contains(subnet, address));
}

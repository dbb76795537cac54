import type { Link, NetworkFact } from '../../evidence/facts.js';
import { bare, contains, overlap, sameAddress, subnetOf } from '../../ip.js';
import type { View } from '../cause.js';
import { hostName } from '../reading.js';

/** What must be known to tell which subnets live on a network's parent. */
export type SegmentNeeds = 'nodes' | 'networks' | 'links';

/** A subnet of the physical segment a parent leads to, with who has an address in it. */
export interface SegmentSubnet {
  readonly subnet: string;
  /** A node's name: the host, the gateway, a peer. */
  readonly node: string;
  readonly address: string;
  readonly device: string;
}

/** The subnets of the segment a network's parent leads to, as the addresses of the machines on it say. Containers do not count. */
export function segmentOf(view: View<SegmentNeeds>, network: NetworkFact | undefined): readonly SegmentSubnet[] {
  const host = hostName(view.nodes);
  const others = view.nodes.filter(({ kind }) => kind === 'gateway' || kind === 'peer').map(({ name }) => name);
  return [host, ...others].flatMap((node) => {
    const devices = node === host ? [network?.parent ?? ''] : linksOfSegment(view, node, network);
    const links = (view.links[node] ?? []).filter(({ name }) => devices.includes(name));
    return links.flatMap(({ name, addresses }) =>
      global(addresses).map((own) => ({ subnet: subnetOf(own), node, address: bare(own), device: name })),
    );
  });
}

/** The links by which a gateway or peer is on the segment of a network's parent: of the same VLAN, or on the untagged LAN. */
export function linksOfSegment(
  { nodes, links }: View<'nodes' | 'links'>,
  node: string,
  network: NetworkFact | undefined,
): readonly string[] {
  const tag = links[hostName(nodes)]?.find(({ name }) => name === network?.parent)?.vlan;
  const known = nodes.find(({ name }) => name === node)?.addresses ?? [];
  const isOnLan = ({ addresses }: Link) =>
    addresses.some((own) => known.some((address) => sameAddress(bare(own), address)));
  return (links[node] ?? [])
    .filter((link) => (tag === undefined ? link.kind !== 'vlan' && isOnLan(link) : link.vlan === tag))
    .map(({ name }) => name);
}

/** The host's addresses by which others reach what hangs on a network's parent. */
export function hostAddressesOn(
  { nodes, links }: View<'nodes' | 'links'>,
  network: NetworkFact | undefined,
): readonly string[] {
  const host = nodes.find(({ kind }) => kind === 'host');
  const parent = links[host?.name ?? '']?.find(({ name }) => name === network?.parent);
  return [...new Set([...(host?.addresses ?? []), ...global(parent?.addresses ?? []).map(bare)])];
}

/** The first subnet of the segment that shares addresses with a subnet. */
export function shared(segment: readonly SegmentSubnet[], subnet: string): SegmentSubnet | undefined {
  return segment.find((one) => overlap(one.subnet, subnet));
}

/** Whether one subnet holds another and is larger. */
export function isWider(subnet: string, than: string): boolean {
  return contains(subnet, than) && !contains(than, subnet);
}

function global(addresses: readonly string[]): readonly string[] {
  return addresses.filter((address) => !/^fe80/i.test(address));
}

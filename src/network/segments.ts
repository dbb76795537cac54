import type { Link, NetworkFact } from '../evidence/facts.js';
import { bare, contains, overlap, sameAddress, subnetOf } from '../ip.js';
import type { NetworkState } from './network-state.js';

/** A subnet of the physical segment a parent leads to, with who has an address in it. */
export interface SegmentSubnet {
  readonly subnet: string;
  /** A node's name: the host, the gateway, a peer. */
  readonly node: string;
  readonly address: string;
  readonly device: string;
}

/** The subnets of the segment a network's parent leads to, as the addresses of the machines on it say. Containers do not count. */
export function segmentOf(state: NetworkState, network: NetworkFact | undefined): readonly SegmentSubnet[] {
  const host = state.names.hostName;
  const others = state.names.nodes.filter(({ kind }) => kind === 'gateway' || kind === 'peer').map(({ name }) => name);
  return [host, ...others].flatMap((node) => {
    const devices = node === host ? [network?.parent ?? ''] : linksOfSegment(state, node, network);
    const links = (state.links.of(node) ?? []).filter(({ name }) => devices.includes(name));
    return links.flatMap(({ name, addresses }) =>
      global(addresses).map((own) => ({ subnet: subnetOf(own), node, address: bare(own), device: name })),
    );
  });
}

/** The links by which a gateway or peer is on the segment of a network's parent: of the same VLAN, or on the untagged LAN. */
export function linksOfSegment(
  { names, links }: NetworkState,
  node: string,
  network: NetworkFact | undefined,
): readonly string[] {
  const tag = links.link(names.hostName, network?.parent)?.vlan;
  const known = names.node(node)?.addresses ?? [];
  const isOnLan = ({ addresses }: Link) => addresses.some((own) => known.some((address) => sameAddress(own, address)));
  return (links.of(node) ?? [])
    .filter((link) => (tag === undefined ? link.kind !== 'vlan' && isOnLan(link) : link.vlan === tag))
    .map(({ name }) => name);
}

/** The host's addresses by which others reach what is attached to a network's parent. */
export function hostAddressesOn({ names, links }: NetworkState, network: NetworkFact | undefined): readonly string[] {
  const parent = links.link(names.hostName, network?.parent);
  return [...new Set([...(names.host?.addresses ?? []), ...global(parent?.addresses ?? []).map(bare)])];
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

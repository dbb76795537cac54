import type { Link, NetworkFact, NodeFact } from '../../evidence/facts.js';
import { familyOf, hostAddresses, sameAddress } from '../../ip.js';
import type { Flow } from '../flow.js';

/** A container's address that the host is to reach, and the network it is on. */
export interface Reached {
  readonly network: NetworkFact;
  readonly address: string;
}

/** The host's own links on the parent of a network; Docker leaves none there, because it moves its own into the containers. */
export function shimsOn(onHost: readonly Link[], network: NetworkFact | undefined): readonly Link[] {
  return onHost.filter(({ kind, name }) => network && kind === network.driver && name !== network.parent);
}

/** The containers that some flows are about. */
export function reachedBy(flows: readonly Flow[]): readonly Reached[] {
  return flows.flatMap(({ network, containerAddress }) =>
    network && containerAddress !== undefined ? [{ network, address: containerAddress }] : [],
  );
}

/** An address of the network's subnet that no known node holds: the last such one of the first 254, far from Docker's own. */
export function freeAddress(
  { subnets }: NetworkFact,
  family: 4 | 6,
  { nodes }: { readonly nodes: readonly NodeFact[] },
): string | undefined {
  const taken = (address: string) =>
    nodes.some(({ addresses }) => addresses.some((own) => sameAddress(own, address))) ||
    subnets.some(({ gateway }) => gateway === address);
  const subnet = subnets.find((candidate) => familyOf(candidate.subnet) === family)?.subnet;
  const free: string[] = [];
  for (const address of subnet ? hostAddresses(subnet) : []) {
    if (!taken(address)) free.push(address);
    if (free.length === 240) break;
  }
  return free.at(-1);
}

import type { Link, NetworkFact, NodeFact } from '../../evidence/facts.js';
import { contains, familyOf, hostAddresses } from '../../ip.js';
import { sh } from '../../shell.js';
import { createNetwork } from '../remedies/create-network.js';
import { advice, on, type Command, type Remedy } from '../cause.js';
import type { Flow } from '../flow.js';
import { holds } from '../reading.js';

/** A container's address that the host shall reach, and the network it is on. */
export interface Reached {
  readonly network: NetworkFact;
  readonly address: string;
}

/** A link of the host's own on a network's parent, a sibling of the containers, by which the two can talk. */
export interface Shim {
  readonly network: NetworkFact;
  readonly link: string;
  /** One for each family concerned, each with a free address of the host's and the containers it leads to. */
  readonly ways: readonly { readonly own: string; readonly length: number; readonly containers: readonly string[] }[];
}

interface Surroundings {
  readonly nodes: readonly NodeFact[];
  /** The host's links. */
  readonly onHost: readonly Link[];
}

/** The host's own links on the parent of a network; Docker leaves none there, for it moves its own into the containers. */
export function shimsOn(onHost: readonly Link[], network: NetworkFact | undefined): readonly Link[] {
  return onHost.filter(({ kind, name }) => network && kind === network.driver && name !== network.parent);
}

/** The containers that some flows are about. */
export function reachedBy(flows: readonly Flow[]): readonly Reached[] {
  return flows.flatMap(({ network, containerAddress }) =>
    network && containerAddress !== undefined ? [{ network, address: containerAddress }] : [],
  );
}

/** One shim for each network, with an address and routes for the containers that shall be reached. */
export function shimsFor(reached: readonly Reached[], surroundings: Surroundings): readonly Shim[] {
  const networks = [...new Set(reached.map(({ network }) => network))];
  return networks.map((network, index) => {
    const addresses = reached.flatMap((one) => (one.network === network ? [one.address] : []));
    const name = `doctor-shim${index}`;
    return {
      network,
      link: surroundings.onHost.some((link) => link.name === name) ? `${name}b` : name,
      ways: ([4, 6] as const).flatMap((family) => {
        const containers = [...new Set(addresses)].filter((address) => familyOf(address) === family);
        const own = containers.length > 0 ? freeAddress(network, family, surroundings) : undefined;
        return own === undefined ? [] : [{ own, containers, length: family === 4 ? 32 : 128 }];
      }),
    };
  });
}

/** An address of the network's subnet that no node we know holds: the last such one of the first 254, far from Docker's own. */
export function freeAddress(
  { subnets }: NetworkFact,
  family: 4 | 6,
  { nodes }: Pick<Surroundings, 'nodes'>,
): string | undefined {
  const taken = (address: string) =>
    nodes.some((node) => holds(node, address)) || subnets.some(({ gateway }) => gateway === address);
  const subnet = subnets.find((candidate) => familyOf(candidate.subnet) === family)?.subnet;
  const free: string[] = [];
  for (const address of subnet ? hostAddresses(subnet) : []) {
    if (!taken(address)) free.push(address);
    if (free.length === 240) break;
  }
  return free.at(-1);
}

/** Makes the link, gives it its address, and routes the containers by it. All may be run again without doing it twice. */
export function standUp({ network, link, ways }: Shim): readonly Command[] {
  const type = network.driver === 'macvlan' ? sh`macvlan mode bridge` : sh`ipvlan mode ${network.mode ?? 'l2'}`;
  return [
    on(
      'host',
      sh`ip link show dev ${link} >/dev/null 2>&1 || ip link add name ${link} link ${network.parent ?? ''} type ${type}`,
      sh`ip link del dev ${link}`,
    ),
    ...ways.map(({ own, length }) =>
      on('host', sh`ip addr replace ${own}/${length} dev ${link}`, sh`ip addr del ${own}/${length} dev ${link}`),
    ),
    on('host', sh`ip link set dev ${link} up`, sh`ip link set dev ${link} down`),
    ...ways.flatMap(({ own, length, containers }) =>
      containers.map((address) =>
        on(
          'host',
          sh`ip route replace ${address}/${length} dev ${link} src ${own}`,
          sh`ip route del ${address}/${length} dev ${link}`,
        ),
      ),
    ),
  ];
}

/** Docker must not give the shim's address to a container. */
export function reserve({ network, ways }: Shim): Remedy {
  const kept = ways.map(({ own }, index) => [`shim${index}`, own] as const);
  const subnets = network.subnets.map((one) => ({
    ...one,
    reserved: { ...one.reserved, ...Object.fromEntries(kept.filter(([, own]) => contains(one.subnet, own))) },
  }));
  return advice("For good: keep Docker from giving the shim's address away, when the network is made anew", 'docker', [
    createNetwork(network, { subnets }),
  ]);
}

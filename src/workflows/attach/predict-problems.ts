import type { Facts, Link, NetworkFact } from '../../evidence/facts.js';
import { familyOf, overlap, sameAddress, subnetOf } from '../../ip.js';
import type { NetworkPlan } from '../../scenario/plan.js';
import { reachesHost } from './questions.js';
import { candidates } from './try-out.js';

/** The part of a host's evidence that tells what a network would meet there. */
type Known = Pick<Partial<Facts>, 'links' | 'nodes' | 'networks'>;

/**
 * What would keep a network from working on a host, predicted from the host's evidence: one sentence each. What was not looked at
 * nothing blocks it. Pure.
 */
export function predictedProblems(
  network: NetworkPlan,
  { links = {}, nodes = [], networks = [] }: Known,
): readonly string[] {
  const host = nodes.find(({ kind }) => kind === 'host')?.name ?? 'host';
  const others = networks.filter(({ name }) => name !== network.name);
  return [
    ...others.flatMap((other) => besides(network, other)),
    ...(links[host] && network.parent !== undefined ? onParent(network, network.parent, links[host]) : []),
  ];
}

/**
 * Addresses that containers ask for and the host has itself, one sentence each. Pure.
 *
 * @param wanted addresses with the containers that ask for them
 */
export function predictedAddressConflicts(
  wanted: readonly { readonly container: string; readonly address: string }[],
  { links = {}, nodes = [] }: Known,
): readonly string[] {
  const host = nodes.find(({ kind }) => kind === 'host')?.name ?? 'host';
  return wanted.flatMap(({ container, address }) => {
    const holder = (links[host] ?? []).find(({ addresses }) => addresses.some((own) => sameAddress(own, address)));
    return holder ? [`${container} asks for ${address}, which the host has on ${holder.name}: give it another.`] : [];
  });
}

/** Every release of Docker rejects a second IPvlan network on a parent, and subnets that overlap. */
function besides({ driver, parent, subnets }: NetworkPlan, other: NetworkFact): readonly string[] {
  const taken = subnets.flatMap(({ subnet }) =>
    other.subnets
      .filter((one) => overlap(subnet, one.subnet))
      .map((one) => `${subnet} overlaps ${one.subnet} of the network ${other.name}.`),
  );
  const shared = driver === 'ipvlan' && other.driver === 'ipvlan' && parent !== undefined && parent === other.parent;
  return [...taken, ...(shared ? [`${parent} is the parent of the IPvlan network ${other.name} already.`] : [])];
}

function onParent(network: NetworkPlan, parent: string, links: readonly Link[]): readonly string[] {
  const link = links.find(({ name }) => name === parent);
  if (!link) return absent(parent, links);
  const other = network.driver === 'ipvlan' ? 'macvlan' : 'ipvlan';
  const child = links.find(({ kind, lower }) => kind === other && lower === parent);
  return [
    ...(link.adminUp ? [] : [`${parent} is down.`]),
    ...(link.adminUp && !link.carrier ? [`${parent} has no carrier.`] : []),
    ...(link.controller === undefined
      ? []
      : [`${parent} is a port of ${link.controller}, which takes its packets: ${link.controller} may be the parent.`]),
    ...(child ? [`${parent} carries ${child.name}, of the driver ${other}: one link cannot carry both.`] : []),
    ...onSegment(network, parent, link),
  ];
}

/** Docker makes a VLAN's link itself where the link that carries it is there. */
function absent(parent: string, links: readonly Link[]): readonly string[] {
  const [, carrier] = /^(.+)\.\d+$/.exec(parent) ?? [];
  if (links.some(({ name }) => name === carrier)) return [];
  const parents = links.filter((link) => link.name !== 'lo' && link.controller === undefined && !isChild(link));
  const there = parents.map(({ name }) => name);
  return [`There is no ${parent}${there.length > 0 ? `; there is ${there.join(', ')}` : ''}.`];
}

function isChild({ kind }: Link): boolean {
  return kind === 'ipvlan' || kind === 'macvlan';
}

/** In L2 a subnet is the LAN's own, in L3 never. */
function onSegment(network: NetworkPlan, parent: string, { addresses }: Link): readonly string[] {
  const inLayer3 = reachesHost(network);
  const segments = network.subnets.flatMap(({ subnet }) => {
    const own = addresses.map(subnetOf).filter((one) => familyOf(one) === familyOf(subnet) && !isLinkLocal(one));
    const same = own.find((one) => overlap(one, subnet));
    if (inLayer3)
      return same ? [`${subnet} is in use on the LAN of ${parent} (${same}): in L3 no machine there answers.`] : [];
    return own.length > 0 && !same
      ? [`${subnet} is not the LAN of ${parent} (${own.join(', ')}): its gateway would have to answer there.`]
      : [];
  });
  const given = inLayer3 ? [] : candidates(network).filter((one) => addresses.some((own) => sameAddress(own, one)));
  return [
    ...segments,
    ...given.map((one) => `Docker may hand out ${one}, which is the host's own: keep it out with --aux-address.`),
  ];
}

function isLinkLocal(subnet: string): boolean {
  return overlap(familyOf(subnet) === 6 ? 'fe80::/10' : '169.254.0.0/16', subnet);
}

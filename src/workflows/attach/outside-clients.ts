import type { Facts, NodeFact } from '../../evidence/facts.js';
import { addressAt, bare, contains, familyOf, isHostAddress, prefixLength, sameAddress, subnetOf } from '../../ip.js';
import { isLayer3 } from '../../network/networks.js';
import { sourcesNamed } from '../../network/rule-match.js';
import type { Service } from './services.js';

/** A machine outside that may ask for a service. None of them is ours, and nothing is sent for it. */
export interface OutsideClient {
  readonly label: string;
  readonly address: string;
}

type Known = Partial<Facts>;

/**
 * Machines outside that a request may come from, the usual one first: a machine on the parent's LAN, which the user may have named and
 * which reaches an L3 container through the router; then those whose addresses some filter names. Where no LAN is known, one beyond the
 * router. Pure.
 */
export function outsideClients(facts: Known, service: Service): readonly OutsideClient[] {
  const lans = lansOf(facts, service);
  const peers = (facts.nodes ?? []).filter(({ kind }) => kind === 'peer').flatMap(({ addresses }) => addresses);
  const near = lans.flatMap((lan) => freeAddress(facts, lan) ?? []);
  const clients: readonly OutsideClient[] = [
    ...peers.map((address) => ({ label: `the LAN client ${address}`, address })),
    ...near.map((address) => ({ label: 'a LAN client', address })),
    ...named(facts, lans).map((address) => ({ label: `the LAN client ${address}`, address })),
    ...(lans.length === 0 ? beyond(facts, service) : []),
  ];
  return clients.filter(({ address }) => familyOf(address) === familyOf(service.address));
}

function beyond({ nodes = [] }: Known, { address }: Service): readonly OutsideClient[] {
  const far = nodes.find(({ kind }) => kind === 'internet')?.addresses ?? [];
  const like = far.find((one) => familyOf(one) === familyOf(address));
  return like === undefined ? [] : [{ label: 'a client beyond the router', address: like }];
}

/** The subnets that the host has on a service's parent; where it has none there, as on a VLAN, those of the network in L2. */
function lansOf({ links = {}, nodes = [] }: Known, { network }: Service): readonly string[] {
  const host = nodes.find(({ kind }) => kind === 'host')?.name ?? 'host';
  const parent = links[host]?.find(({ name }) => name === network.parent);
  const own = (parent?.addresses ?? []).filter((address) => !isLinkLocal(address)).map(subnetOf);
  return own.length > 0 || isLayer3(network) ? own : network.subnets.map(({ subnet }) => subnet);
}

function isLinkLocal(address: string): boolean {
  return contains(familyOf(address) === 6 ? 'fe80::/10' : '169.254.0.0/16', bare(address));
}

/** How far from the end of a subnet the assumed machine is looked for. */
const FROM_END = 6;
const TRIES = 64;

/** An address of a subnet that nothing known has; routers are mostly at one of its ends. */
function freeAddress({ links = {}, nodes = [] }: Known, subnet: string): string | undefined {
  const bits = (familyOf(subnet) === 6 ? 128 : 32) - prefixLength(subnet);
  const last = 2 ** Math.min(bits, 16) - 1;
  const taken = [
    ...nodes.flatMap(({ addresses }: NodeFact) => addresses),
    ...Object.values(links).flatMap((all) => all.flatMap(({ addresses }) => addresses)),
  ];
  const offsets = Array.from({ length: TRIES }, (_, at) => last - FROM_END - at).filter((offset) => offset > 0);
  return [...offsets, 1, 2]
    .map((offset) => addressAt(subnet, offset))
    .find((one) => isHostAddress(subnet, one) && !taken.some((other) => sameAddress(bare(other), one)));
}

/** Machines of these subnets that rules name as a source, or one of each subnet within them that rules name. */
function named({ firewall = {} }: Known, lans: readonly string[]): readonly string[] {
  const sources = Object.values(firewall).flatMap(sourcesNamed);
  return [...new Set(sources)]
    .filter((source) => lans.some((lan) => contains(lan, source) && lan !== subnetOf(source)))
    .map((source) => (source.includes('/') ? addressAt(source, 1) : source));
}

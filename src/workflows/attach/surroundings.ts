import type { Inspected } from '../../engine/engine.js';
import type { ContainerFact, Link, NetworkFact, NodeFact, Route } from '../../evidence/facts.js';
import { bare, contains, familyOf, sameAddress, subnetOf, type Family } from '../../ip.js';
import { isLayer3 } from '../../network/networks.js';
import type { LiveNode } from '../../topology/node.js';

/** What a host's own configuration says, read by a survey or taken from evidence. */
export interface HostView {
  readonly links: readonly Link[];
  readonly routes: readonly Route[];
}

/** What was found around the containers. */
export interface Surroundings {
  /** Nodes that can be entered: the host, and containers that run. */
  readonly live: readonly LiveNode[];
  /** Every node with its addresses, those beyond our reach included. */
  readonly facts: readonly NodeFact[];
  readonly gateway: Router | undefined;
  /** The links on the host that the networks are attached to. */
  readonly parents: readonly string[];
}

/** The next hop out of the parent's LAN, and how it was found. */
interface Router {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly foundBy: string;
}

interface Known {
  readonly networks: readonly NetworkFact[];
  /** Those that run and those that do not. */
  readonly containers: readonly Inspected[];
  readonly host: HostView;
  /** Addresses the user gave for nodes we cannot find. */
  readonly gateway: readonly string[];
  readonly peers: readonly string[];
  /** Addresses that stand for the internet. */
  readonly internet: readonly string[];
}

/** The nodes around some containers, from what Docker and the host say. Pure. */
export function surroundings({ networks, containers, host, gateway, peers, internet }: Known): Surroundings {
  const taken = new Set(containers.map(({ name }) => name));
  const free = (name: string): string => (taken.has(name) ? free(`${name}-node`) : name);
  const parents = [...new Set(networks.flatMap(({ parent }) => parent ?? []))];
  const own = hostAddresses(host, parents);
  const found = gateway.length > 0 ? { addresses: gateway, foundBy: 'as given' } : routerOf(host, networks, parents);
  const router = found && { name: free('gateway'), ...found };
  const hostNode: LiveNode = { name: free('host'), kind: 'host', addresses: own, enter: [], pid: 1 };
  const live = [...containers.filter(({ pid }) => pid > 0).map(liveContainer), hostNode];
  const notRunning = containers.filter(({ pid }) => pid === 0).map(containerNode);
  const beyond: readonly NodeFact[] = [
    ...(router ? [{ name: router.name, kind: 'gateway' as const, addresses: router.addresses }] : []),
    ...peers.map((address) => ({ name: peerName(address), kind: 'peer' as const, addresses: [address] })),
    { name: free('internet'), kind: 'internet', addresses: internet },
  ];
  return {
    live,
    facts: [...live.map(({ name, kind, addresses }) => ({ name, kind, addresses })), ...notRunning, ...beyond],
    gateway: router,
    parents,
  };
}

/** What a machine on the LAN is called of which only the address is known. */
function peerName(address: string): string {
  return `peer ${address}`;
}

/** A container as evidence keeps it: what only the running of it needs is left out. */
export function containerFactOf({ name, id, state, attachments, warnings, resolvers }: Inspected): ContainerFact {
  return { name, id, state, attachments, ...(warnings ? { warnings } : {}), ...(resolvers ? { resolvers } : {}) };
}

function containerNode(container: Inspected): NodeFact {
  const addresses = container.attachments.flatMap((attachment) => attachment.addresses.map(bare));
  return { name: container.name, kind: 'container', addresses };
}

/** How to get into a container that runs. */
export function liveContainer(container: Inspected): LiveNode {
  const enter = ['nsenter', '-t', String(container.pid), '-n'];
  return { ...containerNode(container), enter, pid: container.pid };
}

/** Those on the parents; where these have none, as a VLAN may, those the host is known by elsewhere. */
function hostAddresses({ links, routes }: HostView, parents: readonly string[]): readonly string[] {
  const on = (devices: readonly string[]) =>
    links
      .filter(({ name }) => devices.includes(name))
      .flatMap(({ addresses }) => addresses.map(bare).filter((address) => !isLinkLocal(address)));
  const near = on(parents);
  return near.length > 0 ? near : on(routes.filter(isDefault).flatMap(({ device }) => device ?? []));
}

/** The LAN's router in each family, by the first of these that says one. */
function routerOf(
  { routes, links }: HostView,
  networks: readonly NetworkFact[],
  parents: readonly string[],
): Omit<Router, 'name'> | undefined {
  const lans = links.filter(({ name }) => parents.includes(name)).flatMap(({ addresses }) => addresses);
  const onBridge = networks.every(({ driver }) => driver === 'bridge');
  const byParent = ({ device, via }: Route) => via !== undefined && (onBridge || parents.includes(device ?? ''));
  const sources: readonly (readonly [foundBy: string, find: (family: Family) => string | undefined])[] = [
    [
      "the host's default route",
      (family) => first(routes, (one) => ofFamily(one, family) && isDefault(one) && byParent(one)),
    ],
    // The next hop of another route may be any machine, such as another Docker host: it is not taken for the router.
    ["the network's own configuration", (family) => configured(networks, lans, family)],
  ];
  const found = ([4, 6] as const).flatMap((family) => {
    const hit = sources.map(([foundBy, find]) => ({ foundBy, address: find(family) })).find(({ address }) => address);
    return hit?.address === undefined ? [] : [{ foundBy: hit.foundBy, address: hit.address }];
  });
  const [main] = found;
  return main && { addresses: found.map(({ address }) => address), foundBy: main.foundBy };
}

function ofFamily({ family }: Route, wanted: Family): boolean {
  return family === wanted;
}

function isDefault({ destination, type }: Route): boolean {
  return type === 'unicast' && (destination === '0.0.0.0/0' || destination === '::/0');
}

function first(routes: readonly Route[], fits: (route: Route) => boolean): string | undefined {
  return [...routes].filter(fits).sort((a, b) => a.metric - b.metric)[0]?.via;
}

/**
 * Where containers send what leaves their LAN, as they were told. In L3 no container uses it, and a bridge is the host itself. Where
 * the host has addresses on the parent, the router has to be on its LAN, and another machine.
 */
function configured(networks: readonly NetworkFact[], lans: readonly string[], family: Family): string | undefined {
  const own = lans.filter((address) => familyOf(bare(address)) === family && !isLinkLocal(bare(address)));
  const mayBe = (gateway: string) =>
    own.length === 0 ||
    (own.some((address) => contains(subnetOf(address), gateway)) &&
      !own.some((address) => sameAddress(bare(address), gateway)));
  const onLan = networks.filter((network) => network.driver !== 'bridge' && !isLayer3(network));
  return onLan
    .flatMap(({ subnets }) => subnets)
    .find(({ subnet, gateway }) => familyOf(subnet) === family && gateway !== undefined && mayBe(gateway))?.gateway;
}

function isLinkLocal(address: string): boolean {
  return contains(familyOf(address) === 6 ? 'fe80::/10' : '169.254.0.0/16', address);
}

import type { Link, NodeFact } from '../../evidence/facts.js';
import { bare, contains, familyOf, sameAddress, subnetOf } from '../../ip.js';
import { isDefault } from '../../network/default-route.js';
import { lookup, type NextHop } from '../../network/fib.js';
import { sh } from '../../shell.js';
import { on, type Command, type View } from '../cause.js';
import type { Flow } from '../flow.js';
import { fibOf, hostName, linkState } from '../reading.js';

/** What must be known to judge a gateway's way out. */
export type UplinkNeeds = 'nodes' | 'networks' | 'links' | 'routes' | 'rules' | 'captures';

/** What is visibly wrong with a gateway's way out. */
export interface BrokenUplink {
  readonly text: string;
  /** What brings it back; empty when that lies beyond what was seen. */
  readonly commands: readonly Command[];
}

/** @returns `undefined` when nothing is wrong with the gateway's way to the target, or nothing could be seen */
export function brokenUplink(view: View<UplinkNeeds>, gateway: NodeFact, target: string): BrokenUplink | undefined {
  const fib = fibOf(gateway.name, view);
  const links = view.links[gateway.name];
  if (!fib || !links) return undefined;
  const hop = lookup(fib, { destination: target });
  const uplinks = links.filter((link) => isUplink(link, gateway));
  const dead = uplinks.filter(({ name }) => isDead(links, name, hop));
  const text = dead[0]
    ? `its uplink ${dead[0].name} ${dead[0].adminUp ? 'has no carrier' : 'is set down'}`
    : wrongWay(hop, target, { links, host: hostAddresses(view) });
  if (text === undefined) return undefined;
  const raise = dead
    .filter(({ adminUp }) => !adminUp)
    .map(({ name }) => on(gateway.name, sh`ip link set dev ${name} up`, sh`ip link set dev ${name} down`));
  return { text, commands: dead[0]?.adminUp ? [] : [...raise, ...rescue(view, { gateway, uplinks, hop, target })] };
}

/** Nobody's address as far as was seen, and none out of a network's own subnets, which lead to the host. */
export function isBeyond({ networks }: View<'networks'>, { from, to }: Flow): boolean {
  const subnets = networks.flatMap((network) => network.subnets.map(({ subnet }) => subnet));
  return from.node?.kind !== 'internet' && !subnets.some((subnet) => contains(subnet, to.address));
}

/** A link towards the internet: it has an address, and not one the LAN knows the gateway by. */
function isUplink({ name, kind, addresses }: Link, gateway: NodeFact): boolean {
  const global = addresses.filter((address) => !address.startsWith('fe80'));
  const inside = global.some((address) => gateway.addresses.some((own) => sameAddress(own, address)));
  return name !== 'lo' && kind !== 'vlan' && global.length > 0 && !inside;
}

/** Its routes go with a link that is set down; one without a carrier keeps them. */
function isDead(links: readonly Link[], name: string, hop: NextHop): boolean {
  const state = linkState(links, name);
  if (state === 'up' || state === undefined) return false;
  return hop.kind === 'none' || !('device' in hop) || hop.device === name;
}

function wrongWay(
  hop: NextHop,
  target: string,
  { links, host }: { readonly links: readonly Link[]; readonly host: readonly string[] },
): string | undefined {
  if (hop.kind === 'none') return 'it has no default route';
  if (hop.kind === 'blocked')
    return 'destination' in hop.by
      ? `its route to ${isDefault({ ...hop.by, type: 'unicast' }) ? 'the internet' : hop.by.destination} says ${hop.type}`
      : `its rule ${hop.by.priority} says ${hop.type}`;
  if (hop.kind === 'local') return undefined;
  const inside = links.find(({ name }) => name === hop.device)?.addresses ?? [];
  const leadsHome = inside.some((own) => host.some((address) => contains(subnetOf(own), address)));
  return leadsHome && hop.kind === 'via'
    ? `its route to ${target} leads back into the LAN, to ${hop.gateway}`
    : undefined;
}

function hostAddresses({ nodes }: View<UplinkNeeds>): readonly string[] {
  return nodes.find(({ name }) => name === hostName(nodes))?.addresses ?? [];
}

interface Rescue {
  readonly gateway: NodeFact;
  readonly uplinks: readonly Link[];
  readonly hop: NextHop;
  readonly target: string;
}

/** Takes away what forbids the target, and gives back the default route where its next hop is known. */
function rescue(view: View<UplinkNeeds>, { gateway, uplinks, hop, target }: Rescue): readonly Command[] {
  if (hop.kind === 'blocked' && !('destination' in hop.by))
    return [on(gateway.name, sh`ip rule del priority ${hop.by.priority}`)];
  if (hop.kind === 'blocked' && 'destination' in hop.by && !isDefault({ ...hop.by, type: 'unicast' }))
    return [
      on(
        gateway.name,
        sh`ip route del ${hop.type} ${hop.by.destination}`,
        sh`ip route add ${hop.type} ${hop.by.destination}`,
      ),
    ];
  return uplinks.flatMap((link) =>
    nextHops(view, link)
      .filter((address) => familyOf(address) === familyOf(target))
      .map((address) => on(gateway.name, sh`ip route replace default via ${address} dev ${link.name}`)),
  );
}

/** Whom a default route could lead to: the internet's own addresses on the uplink's segment, where they were seen. */
function nextHops({ nodes, links }: View<UplinkNeeds>, { addresses }: Link): readonly string[] {
  const segments = addresses.filter((address) => !address.startsWith('fe80')).map(subnetOf);
  const beyond = nodes
    .filter(({ kind }) => kind === 'internet')
    .flatMap((node) => [...node.addresses, ...(links[node.name] ?? []).flatMap((link) => link.addresses.map(bare))]);
  return [...new Set(beyond)].filter((address) => segments.some((segment) => contains(segment, address)));
}

import type { Link, NodeFact } from '../../evidence/facts.js';
import { bare, contains, familyOf, subnetOf } from '../../ip.js';
import { isDefault } from '../../network/default-route.js';
import type { NextHop } from '../../network/fib.js';
import type { NetworkState } from '../../network/network-state.js';
import type { Flow } from '../flow.js';
import type { Change } from '../remedies/change.js';
import { deleteRule } from '../remedies/changes/policy-rule.js';

/** What is wrong with a gateway's route to the internet, or to a part of it. */
export type UplinkFault =
  | { readonly kind: 'link'; readonly device: string; readonly state: 'down' | 'no-carrier' }
  | { readonly kind: 'no-default-route' }
  /** `destination` is absent where it is the internet as a whole. */
  | { readonly kind: 'route-forbids'; readonly destination: string | undefined; readonly type: string }
  | { readonly kind: 'rule-forbids'; readonly priority: number; readonly type: string }
  | { readonly kind: 'route-into-lan'; readonly target: string; readonly via: string };

/** A fault of a gateway's uplink that was seen in its configuration. */
export interface BrokenUplink {
  readonly fault: UplinkFault;
  /** What brings it back; empty when that is beyond what was seen. */
  readonly changes: readonly Change[];
}

/** @returns `undefined` when nothing is wrong with the gateway's route to the target, or nothing could be seen */
export function brokenUplink(network: NetworkState, gateway: NodeFact, target: string): BrokenUplink | undefined {
  const { links, routing } = network;
  const hop = routing.lookup(gateway.name, { destination: target });
  if (!hop || !links.of(gateway.name)) return undefined;
  // A link without an address may never have been an uplink at all.
  const uplinks = links.uplinks(gateway).filter(({ addresses }) => addresses.length > 0);
  const dead = uplinks.filter(({ name }) => isDead(network, { gateway, device: name, hop }));
  const [first] = dead;
  const fault = first ? linkFault(first) : routeFault(network, { gateway, hop, target });
  if (!fault) return undefined;
  if (first?.adminUp) return { fault, changes: [] };
  const raise = dead
    .filter(({ adminUp }) => !adminUp)
    .map(({ name: device }): Change => ({
      kind: 'link',
      on: gateway.name,
      device,
      set: { state: 'up' },
      was: { state: 'down' },
    }));
  return { fault, changes: [...raise, ...restoreRoute(network, { gateway, uplinks, hop, target })] };
}

/** An address that no node is known to hold, and outside the subnets of Docker's networks, which lead to the host. */
export function isBeyond({ names }: NetworkState, { from, to }: Flow): boolean {
  const subnets = names.networks.flatMap((network) => network.subnets.map(({ subnet }) => subnet));
  return from.node?.kind !== 'internet' && !subnets.some((subnet) => contains(subnet, to.address));
}

interface UplinkAndHop {
  readonly gateway: NodeFact;
  readonly device: string;
  readonly hop: NextHop;
}

/** Its routes go with a link that is set down; one without a carrier keeps them. */
function isDead({ links }: NetworkState, { gateway, device, hop }: UplinkAndHop): boolean {
  const state = links.state(gateway.name, device);
  if (state === 'up' || state === undefined) return false;
  return hop.kind === 'none' || !('device' in hop) || hop.device === device;
}

function linkFault({ name, adminUp }: Link): UplinkFault {
  return { kind: 'link', device: name, state: adminUp ? 'no-carrier' : 'down' };
}

interface Lookup {
  readonly gateway: NodeFact;
  readonly hop: NextHop;
  readonly target: string;
}

function routeFault({ names, links }: NetworkState, { gateway, hop, target }: Lookup): UplinkFault | undefined {
  if (hop.kind === 'none') return { kind: 'no-default-route' };
  if (hop.kind === 'local') return undefined;
  if (hop.kind === 'blocked') {
    const { by, type } = hop;
    if (!('destination' in by)) return { kind: 'rule-forbids', priority: by.priority, type };
    return { kind: 'route-forbids', destination: isEverything(hop) ? undefined : by.destination, type };
  }
  const inside = links.link(gateway.name, hop.device)?.addresses ?? [];
  const leadsHome = inside.some((own) => names.host?.addresses.some((address) => contains(subnetOf(own), address)));
  return leadsHome && hop.kind === 'via' ? { kind: 'route-into-lan', target, via: hop.gateway } : undefined;
}

/** Whether the route that forbids is a default route. */
function isEverything({ by }: Extract<NextHop, { kind: 'blocked' }>): boolean {
  return 'destination' in by && isDefault({ ...by, type: 'unicast' });
}

/** Deletes what forbids the target, and restores the default route where its next hop is known. */
function restoreRoute(
  network: NetworkState,
  { gateway, hop, target, uplinks }: Lookup & { readonly uplinks: readonly Link[] },
): readonly Change[] {
  const on = gateway.name;
  if (hop.kind === 'blocked' && !('destination' in hop.by)) return [deleteRule(on, hop.by)];
  if (hop.kind === 'blocked' && 'destination' in hop.by && !isEverything(hop)) {
    const { destination, family } = hop.by;
    return [{ kind: 'route', on, do: 'delete', route: { type: hop.type, destination, family } }];
  }
  return uplinks.flatMap(({ name: device, addresses }) =>
    nextHops(network, addresses)
      .filter((address) => familyOf(address) === familyOf(target))
      .map((via): Change => {
        const route = { destination: 'default', family: familyOf(target) ?? 4, via, device };
        return { kind: 'route', on, do: 'replace', route, was: 'none' };
      }),
  );
}

/** Where a default route could lead: the internet's own addresses on the uplink's segment, as far as they were seen. */
function nextHops({ names, links }: NetworkState, addresses: readonly string[]): readonly string[] {
  const segments = addresses.filter((address) => !address.startsWith('fe80')).map(subnetOf);
  const beyond = names.nodes
    .filter(({ kind }) => kind === 'internet')
    .flatMap((node) => [...node.addresses, ...(links.of(node.name) ?? []).flatMap((link) => link.addresses.map(bare))]);
  return [...new Set(beyond)].filter((address) => segments.some((segment) => contains(segment, address)));
}

/** A fault of the uplink, for sentences. */
export function uplinkFaultText(fault: UplinkFault): string {
  switch (fault.kind) {
    case 'link':
      return `its uplink ${fault.device} ${fault.state === 'down' ? 'is set down' : 'has no carrier'}`;
    case 'no-default-route':
      return 'it has no default route';
    case 'route-forbids':
      return `its route to ${fault.destination ?? 'the internet'} is ${fault.type}`;
    case 'rule-forbids':
      return `its policy rule ${fault.priority} is ${fault.type}`;
    case 'route-into-lan':
      return `its route to ${fault.target} leads back into the LAN, to ${fault.via}`;
  }
}

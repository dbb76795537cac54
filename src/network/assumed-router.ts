import type { Firewall, Link, NetworkFact, NodeFact, Route } from '../evidence/facts.js';
import { bare, contains, familyOf, prefixLength, subnetOf } from '../ip.js';
import { isLayer3 } from './networks.js';
import { anywhere, connected, masquerading, plainLink, plainRoute } from './plain-node.js';

/** Stand for a router's way out; from the ranges that are never used. */
export const ROUTER_UPLINK = 'uplink';
export const OUTER = { 4: '192.0.2.2/24', 6: '2001:db8:0:ffff::2/64' } as const;
export const PROVIDER = { 4: '192.0.2.1', 6: '2001:db8:0:ffff::1' } as const;

/** A node as it would be in order. */
export interface AssumedNode {
  readonly node: NodeFact;
  readonly links: readonly Link[];
  readonly routes: readonly Route[];
  readonly firewall: Firewall;
}

/** The host's parents, and the networks on them. */
export interface OnParents {
  readonly links: readonly Link[];
  readonly networks: readonly NetworkFact[];
}

/** A link of the router into the LAN behind a parent. */
interface RouterLan {
  readonly link: Link;
  readonly parent: string;
  /** The host's addresses there. */
  readonly host: readonly string[];
}

/** On each LAN of the host with an address, out by an uplink, translating, and with a route to each L3 subnet. */
export function assumedRouter({ name, addresses }: NodeFact, on: OnParents): AssumedNode {
  const lans = on.links.map((parent, index) => lanBehind(parent, { known: addresses, on, index }));
  const uplink = { ...plainLink(lans.length + 1, ROUTER_UPLINK), addresses: Object.values(OUTER) };
  const links = [...lans.map(({ link }) => link), uplink];
  const defaults = ([4, 6] as const).map((family) =>
    plainRoute(anywhere(family), { via: PROVIDER[family], device: ROUTER_UPLINK }),
  );
  const own = lans.flatMap(({ link }) => link.addresses.map(bare));
  return {
    node: { name, kind: 'gateway', addresses: [...new Set([...addresses, ...own])] },
    links,
    routes: [...connected(links), ...defaults, ...returnRoutes(lans, on)],
    firewall: masquerading(ROUTER_UPLINK),
  };
}

/** With the router's known address in each subnet there, else the one that the containers have as their gateway. */
function lanBehind(
  { name, vlan, mtu, addresses }: Link,
  { known, on, index }: { readonly known: readonly string[]; readonly on: OnParents; readonly index: number },
): RouterLan {
  const onLan = addresses.filter((one) => !/^fe80/i.test(one));
  const near = onLan.flatMap((own) => {
    const address = known.find((one) => contains(subnetOf(own), one));
    return address === undefined ? [] : [`${address}/${prefixLength(own)}`];
  });
  const configured = on.networks
    .filter(({ parent, ...network }) => parent === name && !isLayer3(network))
    .flatMap(({ subnets }) => subnets)
    .flatMap(({ subnet, gateway }) => {
      const covered = gateway === undefined || near.some((one) => contains(subnetOf(one), gateway));
      const isHost = addresses.some((own) => bare(own) === gateway);
      return covered || isHost ? [] : [`${gateway}/${prefixLength(subnet)}`];
    });
  const link = { ...plainLink(index + 1, `lan-${name}`), vlan, mtu, addresses: [...near, ...configured] };
  return { link, parent: name, host: onLan.map(bare) };
}

function returnRoutes(lans: readonly RouterLan[], { links, networks }: OnParents): readonly Route[] {
  const isLan = (subnet: string) => links.some(({ addresses }) => addresses.some((own) => subnetOf(own) === subnet));
  return networks.filter(isLayer3).flatMap(({ parent, subnets }) =>
    subnets.flatMap(({ subnet }) => {
      const lan = lans.find((one) => one.parent === parent);
      const via = lan?.host.find((address) => familyOf(address) === familyOf(subnet));
      return lan === undefined || via === undefined || isLan(subnet)
        ? []
        : [plainRoute(subnet, { via, device: lan.link.name })];
    }),
  );
}

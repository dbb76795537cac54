import { bare, contains, familyOf, overlap } from '../../ip.js';
import type { GatewayPlan, NetworkPlan, SitePlan } from '../plan.js';
import type { Problems } from '../problems.js';
import type { SiteFile } from '../schema/schema-site.js';
import { isReachableOnLink } from './settle-site.js';

/** The gateway's routes and NAT: as stated, else those of a gateway on which everything works. */
export function settleGateway(
  file: SiteFile['gateway'],
  { site, networks }: { readonly site: SitePlan; readonly networks: readonly NetworkPlan[] },
  problems: Problems,
): GatewayPlan {
  for (const [index, { to, via }] of (file?.routes ?? []).entries()) {
    const path = ['site', 'gateway', 'routes', index, 'via'];
    if (familyOf(to) !== familyOf(via))
      problems.add(path, `A route to ${to} needs a next hop of its own family, not ${via}.`);
    else if (!isReachableOnLink(site, via))
      problems.add(path, `The gateway cannot reach ${via} directly: no LAN or VLAN holds it.`);
  }
  return {
    addresses: site.gateway.addresses,
    routes: file?.routes?.map(({ to, via }) => ({ to, via: bare(via) })) ?? healthyRoutes(site, networks),
    masquerades: distinct(file?.masquerades ?? healthySources(site, networks)),
  };
}

/**
 * One route to each subnet behind the host. A VLAN parent gets none: the host has no address on the VLAN. Nor does a subnet
 * of the gateway's own segments, by mistake an L3 network's too: the gateway has a route to it already.
 */
function healthyRoutes(site: SitePlan, networks: readonly NetworkPlan[]): GatewayPlan['routes'] {
  const behindHost = networks.filter(
    ({ mode, parent, internal }) => isLayer3Mode(mode) && parent === site.host.interface && !internal,
  );
  const segments = [...site.lan, ...site.vlans.flatMap((vlan) => vlan.subnets)];
  return behindHost.flatMap(({ subnets }) =>
    subnets.flatMap(({ subnet }) => {
      if (segments.some((own) => overlap(own, subnet))) return [];
      const via = site.host.addresses.map(bare).find((address) => familyOf(address) === familyOf(subnet));
      return via === undefined ? [] : [{ to: subnet, via }];
    }),
  );
}

/** IPv6 is not masqueraded. */
function healthySources(site: SitePlan, networks: readonly NetworkPlan[]): readonly string[] {
  const outward = networks.filter(({ parent }) => parent !== undefined);
  return [
    ...site.lan,
    ...site.vlans.flatMap(({ subnets }) => subnets),
    ...outward.flatMap(({ subnets }) => subnets.map(({ subnet }) => subnet)),
  ].filter((subnet) => familyOf(subnet) === 4);
}

/** An nftables set of intervals rejects one that another contains. */
function distinct(subnets: readonly string[]): readonly string[] {
  const unique = [...new Set(subnets)];
  return unique.filter((subnet) => !unique.some((other) => other !== subnet && contains(other, subnet)));
}

/** Whether containers of this mode are routed through the host rather than being on the LAN themselves. */
export function isLayer3Mode(mode: NetworkPlan['mode']): boolean {
  return mode === 'l3' || mode === 'l3s';
}

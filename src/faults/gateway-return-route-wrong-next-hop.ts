import { z } from 'zod';
import { bare, contains, familyOf } from '../ip.js';
import { addressAt } from '../ip.js';
import type { Plan } from '../scenario/plan.js';
import { defineFault, gatewayRoutes, step } from './fault.js';

export const gatewayReturnRouteWrongNextHop = defineFault({
  id: 'gateway-return-route-wrong-next-hop',
  title: "Give the gateway's static routes a next hop that no host has",
  needsDisposableHost: false,
  parameters: z.strictObject({
    subnet: z.string().optional().describe('Only the route to this subnet.'),
    via: z.string().optional().describe('The wrong next hop. Default: an unused LAN address.'),
  }),
  commands: (plan, { subnet, via }) =>
    gatewayRoutes(plan, subnet).map((route) => {
      const wrong = via ?? unusedLanAddress(plan, route.via);
      return step(
        'gateway',
        `ip route replace ${route.to} via ${wrong}`,
        `ip route replace ${route.to} via ${route.via}`,
      );
    }),
});

/** The highest address of the LAN that no node holds, in the family of `like`. */
function unusedLanAddress(plan: Plan, like: string): string {
  const { lan, host, gateway, peers } = plan.site;
  const subnet =
    lan.find((candidate) => contains(candidate, like)) ?? lan.find((s) => familyOf(s) === familyOf(like)) ?? like;
  const held = [...host.addresses, ...gateway.addresses, ...peers.flatMap(({ addresses }) => addresses)].map(bare);
  const containers = plan.containers.flatMap(({ attachments }) => attachments.flatMap(({ addresses }) => addresses));
  const taken = new Set([...held, ...containers]);
  for (let offset = 250; offset > 2; offset--) {
    const candidate = addressAt(subnet, offset);
    if (contains(subnet, candidate) && !taken.has(candidate)) return candidate;
  }
  return addressAt(subnet, 0);
}

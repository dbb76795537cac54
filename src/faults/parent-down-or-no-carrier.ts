import { z } from 'zod';
import type { Plan } from '../scenario/plan.js';
import { hostDefault } from '../topology/host-routes.js';
import { gatewaysFor, sixAgain } from '../topology/site-links.js';
import { hostWires } from '../topology/site-names.js';
import { defineFault, step } from './fault.js';

export const parentDownOrNoCarrier = defineFault({
  id: 'parent-down-or-no-carrier',
  title: 'Set the parent down, or pull its cable',
  needsDisposableHost: false,
  parameters: z.strictObject({
    how: z.enum(['down', 'carrier']).default('down').describe('down: by the administrator; carrier: the cable is out.'),
  }),
  commands: (plan, { how }) =>
    how === 'carrier'
      ? hostWires(plan.site).map(({ end }) => step('switch', `ip link set ${end} down`, `ip link set ${end} up`))
      : [step('host', `ip link set ${plan.site.host.interface} down`, upAgain(plan))],
});

/** The kernel removes a link's routes when it goes down, and restores only the connected ones. */
function upAgain(plan: Plan): string {
  const device = plan.site.host.interface;
  const gateways = gatewaysFor(plan.site, plan.site.host.addresses);
  const routes = gateways.map((via) => `ip route replace ${hostDefault(via, device)}`);
  return [`ip link set ${device} up`, ...sixAgain(plan.site.host.addresses, device), ...routes].join(' && ');
}

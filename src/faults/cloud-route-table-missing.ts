import { z } from 'zod';
import { defineFault, gatewayRoutes, step } from './fault.js';

export const cloudRouteTableMissing = defineFault({
  id: 'cloud-route-table-missing',
  title: "Remove the container subnets from the route table: the gateway acts as the cloud's router",
  needsDisposableHost: false,
  parameters: z.strictObject({ subnet: z.string().optional().describe('Only the route to this subnet.') }),
  commands: (plan, { subnet }) =>
    gatewayRoutes(plan, subnet).map(({ to, via }) =>
      step('gateway', `ip route del ${to}`, `ip route replace ${to} via ${via}`),
    ),
});

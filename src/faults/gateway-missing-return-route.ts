import { z } from 'zod';
import { defineFault, gatewayRoutes, step } from './fault.js';

export const gatewayMissingReturnRoute = defineFault({
  id: 'gateway-missing-return-route',
  title: 'Take the static routes to the container subnets off the gateway',
  needsDisposableHost: false,
  parameters: z.strictObject({ subnet: z.string().optional().describe('Only the route to this subnet.') }),
  commands: (plan, { subnet }) =>
    gatewayRoutes(plan, subnet).map(({ to, via }) =>
      step('gateway', `ip route del ${to}`, `ip route replace ${to} via ${via}`),
    ),
});

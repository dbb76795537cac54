import { z } from 'zod';
import { defineFault, gatewayRoutes, step } from './fault.js';

export const gatewayStrictRpf = defineFault({
  id: 'gateway-strict-rpf',
  title: 'Have the gateway filter reverse paths strictly, and take its static routes to the container subnets',
  needsDisposableHost: false,
  parameters: z.strictObject({ subnet: z.string().optional().describe('Only the route to this subnet.') }),
  commands: (plan, { subnet }) => [
    step('gateway', 'sysctl -q -w net.ipv4.conf.lan0.rp_filter=1', 'sysctl -q -w net.ipv4.conf.lan0.rp_filter=0'),
    ...gatewayRoutes(plan, subnet).map(({ to, via }) =>
      step('gateway', `ip route del ${to}`, `ip route replace ${to} via ${via}`),
    ),
  ],
});

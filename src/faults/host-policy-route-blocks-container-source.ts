import { z } from 'zod';
import { containerSubnets, defineFault, step } from './fault.js';

export const hostPolicyRouteBlocksContainerSource = defineFault({
  id: 'host-policy-route-blocks-container-source',
  title: 'Forbid the container subnets by a policy rule of the host',
  needsDisposableHost: true,
  parameters: z.strictObject({
    subnet: z.string().optional().describe('Only this container subnet.'),
    action: z.enum(['unreachable', 'blackhole', 'prohibit']).optional().describe('What the rule says.'),
  }),
  commands: (plan, { subnet, action = 'unreachable' }) =>
    containerSubnets(plan, subnet).map((source, index) => {
      const rule = `from ${source} priority ${1000 + index} ${action}`;
      return step('host', `ip rule add ${rule}`, `ip rule del ${rule}`);
    }),
});

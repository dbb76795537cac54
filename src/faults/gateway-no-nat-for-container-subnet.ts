import { z } from 'zod';
import { containerSubnets, defineFault, step } from './fault.js';

export const gatewayNoNatForContainerSubnet = defineFault({
  id: 'gateway-no-nat-for-container-subnet',
  title: 'Let the gateway masquerade the LAN only',
  needsDisposableHost: false,
  parameters: z.strictObject({ subnet: z.string().optional().describe('Only this container subnet.') }),
  commands: (plan, { subnet }) =>
    containerSubnets(plan, subnet)
      .filter((candidate) => plan.site.gateway.masquerades.includes(candidate))
      .map((source) =>
        step(
          'gateway',
          `nft delete element ip site_nat sources '{ ${source} }'`,
          `nft add element ip site_nat sources '{ ${source} }'`,
        ),
      ),
});

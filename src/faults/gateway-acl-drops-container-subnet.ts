import { z } from 'zod';
import { containerSubnets, defineFault, step } from './fault.js';

/** A table of its own, separate from the gateway's NAT. */
const TABLE = 'ip site_acl';

export const gatewayAclDropsContainerSubnet = defineFault({
  id: 'gateway-acl-drops-container-subnet',
  title: 'Let the gateway forward nothing of the container subnets',
  needsDisposableHost: false,
  parameters: z.strictObject({ subnet: z.string().optional().describe('Only this container subnet.') }),
  commands: (plan, { subnet }) => [
    step(
      'gateway',
      `nft 'add table ${TABLE}; add chain ${TABLE} forward { type filter hook forward priority 0; }; ${drops(containerSubnets(plan, subnet))}'`,
      `nft delete table ${TABLE}`,
    ),
  ],
});

function drops(subnets: readonly string[]): string {
  return subnets.map((source) => `add rule ${TABLE} forward ip saddr ${source} counter drop`).join('; ');
}

import { z } from 'zod';
import { containerSubnets, defineFault } from './fault.js';
import { switchFilter, toHost } from './switch-filter.js';

export const securityGroupOrNacl = defineFault({
  id: 'security-group-or-nacl',
  title:
    'Let answers through to the containers and nothing that others begin, as a security group without a rule for them',
  needsDisposableHost: false,
  parameters: z.strictObject({ subnet: z.string().optional().describe('Only what is for this subnet.') }),
  commands: (plan, { subnet }) => {
    const subnets = containerSubnets(plan, subnet);
    if (subnets.length === 0) return [];
    const match = `${toHost(plan)} ip daddr { ${subnets.join(', ')} }`;
    // New connections, recognised by their first packets, because the bridge does not track connections.
    return [
      switchFilter(plan, 'security-group-or-nacl', [
        `${match} icmp type echo-request drop`,
        `${match} tcp flags & (syn | ack) == syn drop`,
      ]),
    ];
  },
});

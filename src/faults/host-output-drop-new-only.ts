import { z } from 'zod';
import { containerSubnets, defineFault, step } from './fault.js';

export const hostOutputDropNewOnly = defineFault({
  id: 'host-output-drop-new-only',
  title: "Drop new connections of the container subnets in the host's OUTPUT hook",
  needsDisposableHost: true,
  parameters: z.strictObject({ subnet: z.string().optional().describe('Only this container subnet.') }),
  commands: (plan, { subnet }) => [
    step(
      'host',
      "nft add table ip egress && nft add chain ip egress output '{ type filter hook output priority filter; policy accept; }'",
      'nft delete table ip egress',
    ),
    ...containerSubnets(plan, subnet).map((source) =>
      step('host', `nft add rule ip egress output ip saddr ${source} ct state new counter drop`),
    ),
  ],
});

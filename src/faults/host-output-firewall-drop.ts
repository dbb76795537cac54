import { z } from 'zod';
import { containerSubnets, defineFault, step } from './fault.js';

export const hostOutputFirewallDrop = defineFault({
  id: 'host-output-firewall-drop',
  title: "Drop the container subnets in the host's OUTPUT hook",
  needsDisposableHost: true,
  parameters: z.strictObject({ subnet: z.string().optional().describe('Only this container subnet.') }),
  commands: (plan, { subnet }) => [
    step(
      'host',
      "nft add table ip hardening && nft add chain ip hardening output '{ type filter hook output priority filter; policy accept; }'",
      'nft delete table ip hardening',
    ),
    ...containerSubnets(plan, subnet).map((source) =>
      step('host', `nft add rule ip hardening output ip saddr ${source} counter drop`),
    ),
  ],
});

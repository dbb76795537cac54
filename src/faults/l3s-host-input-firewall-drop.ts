import { z } from 'zod';
import { containerSubnets, defineFault, step } from './fault.js';

export const l3sHostInputFirewallDrop = defineFault({
  id: 'l3s-host-input-firewall-drop',
  title: "Drop what comes in for the container subnets in the host's INPUT hook",
  needsDisposableHost: true,
  parameters: z.strictObject({
    subnet: z.string().optional().describe('Only this container subnet.'),
    stateful: z.boolean().optional().describe('Whether replies to what the containers begin are allowed.'),
  }),
  commands: (plan, { subnet, stateful = false }) => [
    step(
      'host',
      "nft add table ip inbound && nft add chain ip inbound input '{ type filter hook input priority filter; policy accept; }'",
      'nft delete table ip inbound',
    ),
    ...(stateful ? [step('host', 'nft add rule ip inbound input ct state established,related counter accept')] : []),
    ...containerSubnets(plan, subnet).map((target) =>
      step('host', `nft add rule ip inbound input ip daddr ${target} counter drop`),
    ),
  ],
});

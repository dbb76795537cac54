import { z } from 'zod';
import { defineFault, step } from './fault.js';

export const policyRuleBeforeMain = defineFault({
  id: 'policy-rule-before-main',
  title: 'Let a policy rule look up a table before main, whose route takes the LAN into a tunnel',
  needsDisposableHost: true,
  parameters: z.strictObject({
    on: z.string().optional().describe('The node with the rule: the Docker host or a container. Default: the host.'),
    how: z
      .enum(['lan', 'everything'])
      .default('lan')
      .describe(
        'lan: the table has a route to the LAN, as when a VPN client accepts routes of others; everything: it has a default route, and nothing exempts the LAN.',
      ),
  }),
  commands: ({ site }, { on = 'host', how }) => {
    const lan = site.lan[0] ?? '';
    const to = how === 'lan' ? lan : 'default';
    return [
      step(on, 'ip link add tailscale0 type dummy', 'ip link del tailscale0'),
      step(on, 'ip addr add 100.64.0.7/32 dev tailscale0 && ip link set tailscale0 up'),
      step(on, `ip route add ${to} dev tailscale0 table 52`),
      step(on, 'ip rule add pref 5270 lookup 52', 'ip rule del pref 5270'),
    ];
  },
});

import { z } from 'zod';
import type { NodeCommand } from '../topology/execute.js';
import { containerOf, defineFault, step } from './fault.js';

export const containerLocalFirewallOrRoutes = defineFault({
  id: 'container-local-firewall-or-routes',
  title: "Put a VPN client's kill-switch or policy routes, or an INPUT chain that drops, into a container",
  needsDisposableHost: false,
  parameters: z.strictObject({
    container: z.string().optional().describe('Which container. Default: the first.'),
    how: z
      .enum(['kill-switch', 'input', 'policy-routes'])
      .default('kill-switch')
      .describe(
        'kill-switch: nothing but private addresses may leave; input: nothing may begin from outside; policy-routes: a blackhole for all the tunnel should take.',
      ),
  }),
  commands: (plan, { container, how }) => {
    const name = containerOf(plan, container)?.name;
    return name === undefined ? [] : WAYS[how](name);
  },
});

const PRIVATE = '{ 10.0.0.0/8, 127.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 }';

const WAYS: Readonly<Record<'kill-switch' | 'input' | 'policy-routes', (name: string) => readonly NodeCommand[]>> = {
  'kill-switch': (name) => [
    step(
      name,
      `nft add table ip vpn && nft add chain ip vpn output '{ type filter hook output priority filter; policy drop; }' && nft add rule ip vpn output ip daddr '${PRIVATE}' accept`,
      'nft delete table ip vpn',
    ),
  ],
  input: (name) => [
    step(
      name,
      "nft add table inet hardening && nft add chain inet hardening input '{ type filter hook input priority filter; policy drop; }' && nft add rule inet hardening input iif lo accept && nft add rule inet hardening input ct state established,related accept",
      'nft delete table inet hardening',
    ),
  ],
  // As wg-quick leaves them when its tunnel is gone.
  'policy-routes': (name) => [
    step(name, 'ip route add blackhole default table 51820', 'ip route del blackhole default table 51820'),
    step(name, 'ip rule add priority 100 not fwmark 51820 table 51820', 'ip rule del priority 100'),
    step(name, 'ip rule add priority 99 table main suppress_prefixlength 0', 'ip rule del priority 99'),
  ],
};

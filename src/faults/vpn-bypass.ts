import { z } from 'zod';
import { defineFault, step } from './fault.js';

export const vpnBypass = defineFault({
  id: 'vpn-bypass',
  title: "Send the host's own traffic through a tunnel by policy rules, as wg-quick does",
  needsDisposableHost: true,
  parameters: z.strictObject({}),
  commands: () => [
    // No tunnel need be real to divert packets: this one is a cable to the internet.
    step('host', 'ip link add wg0 type veth peer name eth9 netns internet', 'ip link del wg0'),
    step('host', 'ip addr add 198.51.100.2/24 dev wg0 && ip link set wg0 up'),
    step('internet', 'ip addr add 198.51.100.1/24 dev eth9 && ip link set eth9 up'),
    step('host', 'ip route add default via 198.51.100.1 dev wg0 table 51820'),
    step(
      'host',
      'ip rule add not fwmark 0xca6c priority 32765 table 51820',
      'ip rule del not fwmark 0xca6c priority 32765 table 51820',
    ),
    step(
      'host',
      'ip rule add priority 32764 table main suppress_prefixlength 0',
      'ip rule del priority 32764 table main suppress_prefixlength 0',
    ),
  ],
});

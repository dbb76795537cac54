import { z } from 'zod';
import { containerSubnets, defineFault, step } from './fault.js';

export const hostRouteOverlapsContainerSubnet = defineFault({
  id: 'host-route-overlaps-container-subnet',
  title: "Give the host another route to the containers' addresses, as a VPN or a second bridge does",
  needsDisposableHost: true,
  parameters: z.strictObject({ subnet: z.string().optional().describe('Only this container subnet.') }),
  commands: (plan, { subnet }) => [
    step('host', 'ip link add office0 type dummy && ip link set office0 up', 'ip link del office0'),
    ...containerSubnets(plan, subnet).map((to) => step('host', `ip route add ${to} dev office0`)),
  ],
});

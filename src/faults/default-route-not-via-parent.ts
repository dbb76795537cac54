import { z } from 'zod';
import { bare, familyOf } from '../ip.js';
import { defineFault, step } from './fault.js';

export const defaultRouteNotViaParent = defineFault({
  id: 'default-route-not-via-parent',
  title: "Move the host's default route to a second uplink",
  needsDisposableHost: true,
  parameters: z.strictObject({}),
  commands: (plan) => {
    const gateway = plan.site.gateway.addresses.map(bare).find((address) => familyOf(address) === 4);
    return [
      step('host', 'ip link add uplink1 type veth peer name eth1 netns internet', 'ip link del uplink1'),
      step('host', 'ip addr add 198.51.100.2/24 dev uplink1 && ip link set uplink1 up'),
      step('internet', 'ip addr add 198.51.100.1/24 dev eth1 && ip link set eth1 up'),
      step(
        'host',
        'ip route replace default via 198.51.100.1 dev uplink1',
        `ip route replace default via ${gateway} dev ${plan.site.host.interface}`,
      ),
    ];
  },
});

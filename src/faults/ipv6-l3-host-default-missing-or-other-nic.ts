import { z } from 'zod';
import { bare, familyOf } from '../ip.js';
import { defineFault, step } from './fault.js';

export const ipv6L3HostDefaultMissingOrOtherNic = defineFault({
  id: 'ipv6-l3-host-default-missing-or-other-nic',
  title: "Take the host's IPv6 default route away, or let another interface have a better one",
  needsDisposableHost: true,
  parameters: z.strictObject({
    way: z.enum(['missing', 'other-nic']).optional().describe('No default route, or one by a second uplink.'),
  }),
  commands: (plan, { way = 'missing' }) => {
    const gateway = plan.site.gateway.addresses.map(bare).find((address) => familyOf(address) === 6);
    const route = `default via ${gateway} dev ${plan.site.host.interface}`;
    if (way === 'missing') return [step('host', `ip -6 route del ${route}`, `ip -6 route replace ${route}`)];
    return [
      step('host', 'ip link add uplink1 type veth peer name eth1 netns internet', 'ip link del uplink1'),
      step('host', 'ip addr add 2001:db8:51::2/64 dev uplink1 nodad && ip link set uplink1 up'),
      step('internet', 'ip addr add 2001:db8:51::1/64 dev eth1 nodad && ip link set eth1 up'),
      step('host', 'ip -6 route add default via 2001:db8:51::1 dev uplink1 metric 100'),
    ];
  },
});

import { z } from 'zod';
import { bare, familyOf } from '../ip.js';
import { defineFault, step } from './fault.js';

export const hostDefaultRouteLost = defineFault({
  id: 'host-default-route-lost',
  title: "Take the host's default route away",
  needsDisposableHost: true,
  parameters: z.strictObject({}),
  commands: (plan) => {
    const gateway = plan.site.gateway.addresses.map(bare).find((address) => familyOf(address) === 4);
    const route = `default via ${gateway} dev ${plan.site.host.interface}`;
    return [step('host', `ip route del ${route}`, `ip route replace ${route}`)];
  },
});

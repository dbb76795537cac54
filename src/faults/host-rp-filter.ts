import { z } from 'zod';
import { defineFault, step } from './fault.js';

export const hostRpFilter = defineFault({
  id: 'host-rp-filter',
  title: "Make the host's reverse path filter strict",
  needsDisposableHost: true,
  parameters: z.strictObject({}),
  commands: (plan) =>
    ['all', plan.site.host.interface].map((device) => {
      // With slashes a name may contain dots, as that of a VLAN link does.
      const name = `net/ipv4/conf/${device}/rp_filter`;
      return step('host', `sysctl -q -w ${name}=1`, `sysctl -q -w ${name}=0`);
    }),
});

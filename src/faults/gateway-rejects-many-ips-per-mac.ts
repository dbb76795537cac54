import { z } from 'zod';
import { bare, familyOf } from '../ip.js';
import { defineFault } from './fault.js';
import { fromHost, switchFilter } from './switch-filter.js';

export const gatewayRejectsManyIpsPerMac = defineFault({
  id: 'gateway-rejects-many-ips-per-mac',
  title: "Accept on the switch only the host's own IP address from the host's MAC address",
  needsDisposableHost: false,
  parameters: z.strictObject({}),
  commands: (plan) => {
    const own = plan.site.host.addresses.map(bare).filter((address) => familyOf(address) === 4);
    return [
      switchFilter(plan, 'gateway-rejects-many-ips-per-mac', [
        `${fromHost(plan)} ip saddr != { ${own.join(', ')} } drop`,
      ]),
    ];
  },
});

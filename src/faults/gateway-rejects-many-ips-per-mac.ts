import { z } from 'zod';
import { bare, familyOf } from '../ip.js';
import { defineFault } from './fault.js';
import { FROM_HOST, switchFilter } from './switch-filter.js';

export const gatewayRejectsManyIpsPerMac = defineFault({
  id: 'gateway-rejects-many-ips-per-mac',
  title: "Let the switch take one IP address only from the host's hardware address: the host's own",
  needsDisposableHost: false,
  parameters: z.strictObject({}),
  commands: (plan) => {
    const own = plan.site.host.addresses.map(bare).filter((address) => familyOf(address) === 4);
    return [
      switchFilter(plan, 'gateway-rejects-many-ips-per-mac', [`${FROM_HOST} ip saddr != { ${own.join(', ')} } drop`]),
    ];
  },
});

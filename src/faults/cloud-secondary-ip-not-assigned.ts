import { z } from 'zod';
import { bare, familyOf } from '../ip.js';
import { defineFault } from './fault.js';
import { onlyHostsAddresses, switchFilter, toHost } from './switch-filter.js';

export const cloudSecondaryIpNotAssigned = defineFault({
  id: 'cloud-secondary-ip-not-assigned',
  title: "Forward only the host's own IP addresses, and no ARP requests for others to the host",
  needsDisposableHost: false,
  parameters: z.strictObject({}),
  commands: (plan) => {
    const own = plan.site.host.addresses.map(bare).filter((address) => familyOf(address) === 4);
    const unasked = `${toHost(plan)} arp operation request arp daddr ip != { ${own.join(', ')} } drop`;
    return [switchFilter(plan, 'cloud-secondary-ip-not-assigned', [...onlyHostsAddresses(plan), unasked])];
  },
});

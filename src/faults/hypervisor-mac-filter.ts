import { z } from 'zod';
import { defineFault } from './fault.js';
import { HOST_MAC, switchFilter, TO_HOST, UNICAST } from './switch-filter.js';

export const hypervisorMacFilter = defineFault({
  id: 'hypervisor-mac-filter',
  title: "Bring the host's port broadcasts, and of the rest only what is for the host's own hardware address",
  needsDisposableHost: false,
  parameters: z.strictObject({}),
  commands: (plan) => [
    switchFilter(plan, 'hypervisor-mac-filter', [`${TO_HOST} ether daddr != ${HOST_MAC} ${UNICAST} drop`]),
  ],
});

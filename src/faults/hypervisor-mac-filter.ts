import { z } from 'zod';
import { defineFault } from './fault.js';
import { HOST_MAC, switchFilter, toHost, UNICAST } from './switch-filter.js';

export const hypervisorMacFilter = defineFault({
  id: 'hypervisor-mac-filter',
  title: "Forward to the host's switch port only broadcasts and frames for the host's own MAC address",
  needsDisposableHost: false,
  parameters: z.strictObject({}),
  commands: (plan) => [
    switchFilter(plan, 'hypervisor-mac-filter', [`${toHost(plan)} ether daddr != ${HOST_MAC} ${UNICAST} drop`]),
  ],
});

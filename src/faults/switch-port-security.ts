import { z } from 'zod';
import { defineFault } from './fault.js';
import { fromHost, HOST_MAC, switchFilter } from './switch-filter.js';

export const switchPortSecurity = defineFault({
  id: 'switch-port-security',
  title: "Accept from the host's switch port only frames from the host's own MAC address",
  needsDisposableHost: false,
  parameters: z.strictObject({}),
  commands: (plan) => [
    switchFilter(plan, 'switch-port-security', [`${fromHost(plan)} ether saddr != ${HOST_MAC} drop`]),
  ],
});

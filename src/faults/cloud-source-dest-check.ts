import { z } from 'zod';
import { defineFault } from './fault.js';
import { onlyHostsAddresses, switchFilter } from './switch-filter.js';

export const cloudSourceDestCheck = defineFault({
  id: 'cloud-source-dest-check',
  title: 'Drop at the switch what the host sends or gets under other IP addresses than its own',
  needsDisposableHost: false,
  parameters: z.strictObject({}),
  commands: (plan) => [switchFilter(plan, 'cloud-source-dest-check', onlyHostsAddresses(plan))],
});

import { z } from 'zod';
import { defineFault } from './fault.js';
import { switchFilter, toHost } from './switch-filter.js';

/** A Linux bridge without a querier floods what it does not know: so a filter does what other switches do. */
export const multicastSnoopingDropsSolicitations = defineFault({
  id: 'multicast-snooping-drops-solicitations',
  title: "Forward to the host's switch port no multicast but to the groups that every switch floods",
  needsDisposableHost: false,
  parameters: z.strictObject({}),
  commands: (plan) => [
    switchFilter(plan, 'multicast-snooping', [
      `${toHost(plan)} ip daddr 224.0.0.0/4 ip daddr != 224.0.0.0/24 drop`,
      `${toHost(plan)} ip6 daddr ff00::/8 ip6 daddr != ff02::1 drop`,
    ]),
  ],
});

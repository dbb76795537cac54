import { z } from 'zod';
import { defineFault, step } from './fault.js';

export const l3HostPathNeedsHairpin = defineFault({
  id: 'l3-host-path-needs-hairpin',
  title: 'Have the gateway drop what it would send back out of the interface it came in through',
  needsDisposableHost: false,
  parameters: z.strictObject({}),
  commands: () => [
    step(
      'gateway',
      "nft add table ip hairpin && nft add chain ip hairpin forward '{ type filter hook forward priority filter; }' && nft add rule ip hairpin forward iifname lan0 oifname lan0 counter drop",
      'nft delete table ip hairpin',
    ),
  ],
});

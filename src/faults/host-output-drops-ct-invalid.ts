import { z } from 'zod';
import { defineFault, step } from './fault.js';

export const hostOutputDropsCtInvalid = defineFault({
  id: 'host-output-drops-ct-invalid',
  title: "Drop what connection tracking calls invalid in the host's OUTPUT hook",
  needsDisposableHost: true,
  parameters: z.strictObject({}),
  commands: () => [
    step(
      'host',
      "nft add table ip hygiene && nft add chain ip hygiene output '{ type filter hook output priority filter; policy accept; }'",
      'nft delete table ip hygiene',
    ),
    step('host', 'nft add rule ip hygiene output ct state invalid counter drop'),
  ],
});

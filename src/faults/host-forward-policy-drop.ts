import { z } from 'zod';
import { defineFault, step } from './fault.js';

export const hostForwardPolicyDrop = defineFault({
  id: 'host-forward-policy-drop',
  title: "Drop everything in the host's FORWARD hook",
  needsDisposableHost: true,
  parameters: z.strictObject({}),
  commands: () => [
    step(
      'host',
      "nft add table ip noforward && nft add chain ip noforward forward '{ type filter hook forward priority filter; policy drop; }'",
      'nft delete table ip noforward',
    ),
  ],
});

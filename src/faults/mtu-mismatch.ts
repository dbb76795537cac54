import { z } from 'zod';
import { defineFault, step } from './fault.js';

export const mtuMismatch = defineFault({
  id: 'mtu-mismatch',
  title: "Give the gateway's LAN link a smaller MTU than the other hosts use",
  needsDisposableHost: false,
  parameters: z.strictObject({
    mtu: z.int().min(576).max(1499).default(1400).describe('How many bytes it carries at most.'),
  }),
  commands: (_, { mtu }) => [step('gateway', `ip link set lan0 mtu ${mtu}`, 'ip link set lan0 mtu 1500')],
});

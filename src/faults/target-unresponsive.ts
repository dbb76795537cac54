import { z } from 'zod';
import { familyOf } from '../ip.js';
import { defineFault, step } from './fault.js';

const TABLE = 'ip silent_target';

export const targetUnresponsive = defineFault({
  id: 'target-unresponsive',
  title: 'Make one public address unresponsive: to ping, or to everything',
  needsDisposableHost: false,
  parameters: z.strictObject({
    address: z.string().optional().describe('Which. Default: the first of the internet’s.'),
    answers: z.enum(['tcp', 'nothing']).default('tcp').describe('What it still answers.'),
  }),
  commands: ({ site }, { address, answers }) => {
    const target = address ?? site.internet.addresses.find((one) => familyOf(one) === 4);
    if (target === undefined) return [];
    const what = answers === 'tcp' ? 'icmp type echo-request ' : '';
    return [
      step(
        'internet',
        `nft 'add table ${TABLE}; add chain ${TABLE} input { type filter hook input priority 0; }; add rule ${TABLE} input ip daddr ${target} ${what}drop'`,
        `nft delete table ${TABLE}`,
      ),
    ];
  },
});

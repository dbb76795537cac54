import { z } from 'zod';
import { familyOf } from '../ip.js';
import { defineFault, step } from './fault.js';

const TABLE = 'site_redirect';

export const replyFromAnotherMachine = defineFault({
  id: 'reply-from-another-machine',
  title: 'Let the gateway redirect what comes in from the LAN for a port, whatever its destination',
  needsDisposableHost: false,
  parameters: z.strictObject({
    protocol: z.enum(['udp', 'tcp']).default('udp').describe('Protocol of what it redirects.'),
    port: z.number().int().min(1).max(65_535).default(53).describe('Port of what it redirects.'),
    to: z
      .string()
      .refine((address) => familyOf(address) === 4, 'is no IPv4 address')
      .optional()
      .describe('Address it redirects to; absent: the gateway itself.'),
    except: z
      .string()
      .refine((address) => familyOf(address) === 4, 'is no IPv4 address')
      .optional()
      .describe('Destination that it leaves alone.'),
  }),
  commands: (_, { protocol, port, to, except }) => [
    step(
      'gateway',
      `nft 'add table ip ${TABLE}; add chain ip ${TABLE} prerouting { type nat hook prerouting priority dstnat; }; add rule ip ${TABLE} prerouting iifname "lan0" ${except === undefined ? '' : `ip daddr != ${except} `}${protocol} dport ${port} counter ${to === undefined ? `redirect to :${port}` : `dnat to ${to}:${port}`}'`,
      `nft delete table ip ${TABLE}`,
    ),
  ],
});

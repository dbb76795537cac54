import { z } from 'zod';
import { text, recordedAddress } from './terms.js';

export const node = z.object({
  name: text,
  kind: z.enum(['host', 'container', 'gateway', 'peer', 'internet', 'switch']),
  addresses: z.array(recordedAddress),
  software: z
    .enum([
      ...(['linux', 'openwrt', 'unifi', 'edgeos', 'vyos', 'routeros'] as const),
      ...(['freebsd', 'pfsense', 'opnsense', 'cisco-ios'] as const),
    ])
    .optional(),
  ports: z.array(z.object({ node: text, device: text })).optional(),
});

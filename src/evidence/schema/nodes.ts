import { z } from 'zod';
import { text, recordedAddress } from './terms.js';

export const node = z.object({
  name: text,
  kind: z.enum(['host', 'container', 'gateway', 'peer', 'internet', 'switch']),
  addresses: z.array(recordedAddress),
  ports: z.array(z.object({ node: text, device: text })).optional(),
});

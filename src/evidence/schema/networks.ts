import { z } from 'zod';
import { text, maybeText, recordedAddress, recordedSubnet, driver } from './terms.js';

export const askedNetwork = z.object({
  name: text,
  driver,
  mode: maybeText,
  flag: maybeText,
  parent: maybeText,
  internal: z.boolean(),
  subnets: z.array(
    z.object({
      subnet: recordedSubnet,
      gateway: recordedAddress.optional(),
      range: recordedSubnet.optional(),
      reserved: z.record(text, recordedAddress).optional(),
    }),
  ),
  options: z.record(text, text),
  ipv4: z.boolean().optional(),
  ipv6: z.boolean().optional(),
  attachable: z.boolean().optional(),
  scope: z.literal('swarm').optional(),
  configFrom: text.optional(),
  ipam: z.object({ driver: text.optional(), options: z.record(text, text).optional() }).optional(),
  labels: z.record(text, text).optional(),
  warnings: z.array(text).optional(),
});

export const network = askedNetwork.extend({ id: text });

import { z } from 'zod';
import { text, maybeText, recordedAddress, recordedSubnet, addressOrSubnet, family } from './terms.js';

export const route = z.object({
  family,
  table: text,
  type: text,
  destination: recordedSubnet,
  via: recordedAddress.optional(),
  device: maybeText,
  metric: z.number(),
  scope: maybeText,
  source: recordedAddress.optional(),
  flags: z.array(text),
  learned: z.enum(['ra', 'dhcp', 'redirect']).optional(),
});

export const rule = z.object({
  family,
  priority: z.number(),
  from: addressOrSubnet.optional(),
  to: addressOrSubnet.optional(),
  inDevice: maybeText,
  outDevice: maybeText,
  mark: maybeText,
  inverted: z.boolean(),
  suppressPrefix: z.number().optional(),
  others: z.array(z.string()).optional(),
  table: maybeText,
  action: maybeText,
});

export const neighbour = z.object({ address: recordedAddress, device: text, mac: maybeText, state: text });

export const addressHolders = z.object({ address: recordedAddress, device: text, macs: z.array(text) });

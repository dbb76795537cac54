import { z } from 'zod';
import { text, maybeText, address, subnet, addressOrSubnet, family } from './terms.js';

export const route = z.object({
  family,
  table: text,
  type: text,
  destination: subnet,
  via: address.optional(),
  device: maybeText,
  metric: z.number(),
  scope: maybeText,
  source: address.optional(),
  flags: z.array(text),
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

export const neighbour = z.object({ address, device: text, mac: maybeText, state: text });

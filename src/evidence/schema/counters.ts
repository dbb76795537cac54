import { z } from 'zod';
import { text, maybeText, maybeNumber, family } from './terms.js';

export const countersSchema = z.object({
  txDropped: z.record(text, z.number()),
  protocol: z.record(text, z.number()),
  legs: z.record(text, z.object({ received: z.number(), sent: z.number() })).optional(),
});

export const drop = z.object({ reason: text, location: maybeText, family, tag: maybeNumber, packets: z.number() });

import { z } from 'zod';
import { text, maybeText, maybeNumber, backend, ends } from './terms.js';

const place = { backend, family: text, table: text, chain: text };

export const firewallSchema = z.object({
  readable: z.array(backend),
  chains: z.array(
    z.object({
      ...place,
      hook: maybeText,
      priority: maybeNumber,
      type: maybeText,
      policy: maybeText,
      policyPackets: maybeNumber,
      devices: z.array(text).optional(),
    }),
  ),
  sets: z.array(z.object({ family: text, table: text, name: text, elements: z.array(text) })).optional(),
  rules: z.array(
    z.object({
      ...place,
      handle: maybeNumber,
      text,
      printed: maybeText,
      verdict: maybeText,
      packets: maybeNumber,
    }),
  ),
});

export const trace = z.object({
  tags: z.array(z.number()),
  ...ends,
  dropped: z.object({ family: text, table: text, chain: text, rule: maybeText }).optional(),
});

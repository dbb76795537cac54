import { z } from 'zod';
import { ICMP_COMPLAINTS } from '../network/observations/icmp-errors.js';
import { HOPS } from '../path/hop.js';
import { deciderSchema, reasonSchema, unseenSchema } from './schema-reason.js';

const text = z.string();

export const hopSchema = z.enum(HOPS);

const prediction = z.discriminatedUnion('verdict', [
  z.object({ verdict: z.literal('passes') }),
  z.object({ verdict: z.literal('blocks'), reason: reasonSchema }),
  z.object({ verdict: z.literal('unknown'), missing: unseenSchema }),
]);

const hop = z.object({
  hop: hopSchema,
  node: text,
  text,
  predicted: prediction,
  driver: z.enum(['ipvlan', 'macvlan', 'bridge']).optional(),
  observed: z.enum(['passed', 'lost', 'not reached', 'not visible']),
  traced: deciderSchema.optional(),
  sources: z.array(text).optional(),
});

const kernel = z.object({
  reason: text,
  location: text.optional(),
  packets: z.number(),
  whose: z.enum(['probe', 'unknown']),
});

const place = z.object({ node: text, device: text });
const sight = place.extend({ packets: z.number() });

const told = z.object({
  sender: text,
  complaint: z.enum(ICMP_COMPLAINTS),
  part: z.enum(['request', 'reply']),
  mtu: z.number().optional(),
  seen: place,
});

const verdict = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('arrives'), missing: unseenSchema.optional() }),
  z.object({
    kind: z.literal('other-replies'),
    target: text.optional(),
    reason: reasonSchema.optional(),
    seen: place.optional(),
  }),
  z.object({ kind: z.literal('arrives-though-blocked'), reason: reasonSchema }),
  z.object({ kind: z.literal('partly'), sent: z.number(), arrived: z.number(), reason: reasonSchema.optional() }),
  z.object({ kind: z.literal('traced'), by: deciderSchema, predicted: z.boolean() }),
  z.object({
    kind: z.literal('not-observed'),
    reason: reasonSchema.optional(),
    missing: unseenSchema.optional(),
  }),
  z.object({ kind: z.literal('lost-later'), reason: reasonSchema }),
  z.object({ kind: z.literal('blocked'), reason: reasonSchema }),
  z.object({
    kind: z.literal('lost-in-view'),
    hop: hopSchema,
    node: text,
    seen: place.optional(),
    missing: unseenSchema.optional(),
  }),
  z.object({
    kind: z.literal('lost-outside-view'),
    seen: place.optional(),
    sender: text,
    missing: unseenSchema.optional(),
  }),
]);

/** The path of one flow in a result file. */
export const pathSchema = z.object({
  id: text,
  forward: z.array(hop),
  return: z.array(hop),
  end: z
    .object({
      direction: z.enum(['forward', 'return']),
      hop: hopSchema,
      node: text,
      lastSeen: place.optional(),
      kernel: kernel.optional(),
    })
    .optional(),
  loss: z.object({ before: sight.optional(), after: sight.optional() }).optional(),
  told: told.optional(),
  agreement: z.enum(['agree', 'prediction wrong', 'outside our view', 'not observed']),
  verdict,
});

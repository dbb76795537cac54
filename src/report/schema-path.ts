import { z } from 'zod';
import { HOPS, type Hop } from '../path/hop.js';

const text = z.string();

export const hopSchema = z.enum(Object.keys(HOPS) as [Hop, ...Hop[]]);

const prediction = z.discriminatedUnion('verdict', [
  z.object({ verdict: z.literal('passes') }),
  z.object({ verdict: z.literal('blocks'), because: text }),
  z.object({ verdict: z.literal('unknown'), missing: text }),
]);

const hop = z.object({
  hop: hopSchema,
  node: text,
  text,
  predicted: prediction,
  measured: z.enum(['passed', 'died', 'not reached', 'not visible']),
  traced: text.optional(),
  sources: z.array(text).optional(),
});

const kernel = z.object({
  reason: text,
  location: text.optional(),
  packets: z.number(),
  whose: z.enum(['probe', 'anybody']),
});

const sight = z.object({ node: text, device: text, packets: z.number() });

/** The way of one flow in a result file. */
export const pathSchema = z.object({
  id: text,
  there: z.array(hop),
  back: z.array(hop),
  end: z
    .object({
      direction: z.enum(['there', 'back']),
      hop: hopSchema,
      node: text,
      lastSeen: text.optional(),
      kernel: kernel.optional(),
    })
    .optional(),
  loss: z.object({ before: sight.optional(), after: sight.optional() }).optional(),
  agreement: z.enum(['agree', 'distrust the model', 'outside our view', 'not measured']),
  verdict: text,
});

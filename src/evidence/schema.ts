import { z } from 'zod';
import { factName, factsSchema } from './schema-facts.js';
import { recordedAddress } from './schema/terms.js';

const port = z.number().int().min(0).max(65535);

const over = z.union([
  z.object({ protocol: z.enum(['icmp', 'arp', 'dns', 'http']) }),
  z.object({ protocol: z.enum(['tcp', 'udp', 'broadcast']), port }),
  z.object({ protocol: z.literal('multicast'), group: recordedAddress, port }),
  z.object({ protocol: z.literal('mtu'), bytes: z.number() }),
]);

export const failureSchema = z.enum([
  'timeout',
  'refused',
  'refused-locally',
  'no-route',
  'host-unreachable',
  'rejected',
  'too-big',
  'not-resolved',
  'duplicate',
  'other-machine',
  'no-data-after-handshake',
]);

const outcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('broken'), error: z.string() }),
  z.object({ kind: z.literal('not-running'), container: z.string(), because: z.string() }),
  z.object({ kind: z.literal('not-asked') }),
  z.object({
    kind: z.literal('attempts'),
    sent: z.number(),
    arrived: z.number(),
    roundTripMs: z.object({ min: z.number(), average: z.number(), max: z.number() }).optional(),
    ttl: z.number().optional(),
    failure: failureSchema.optional(),
    said: z.array(z.string()),
    answers: z.array(z.string()),
  }),
]);

const probe = z.object({
  id: z.string(),
  from: z.string(),
  to: z.object({
    label: z.string(),
    node: z.string().optional(),
    name: z.string().optional(),
    address: recordedAddress,
  }),
  over,
  purpose: z.enum(['check', 'comparison']),
  command: z.string(),
  tag: z.number().optional(),
  packets: z.number().optional(),
  source: recordedAddress.optional(),
  overheard: z.literal(true).optional(),
  outcome,
});

/** What an evidence file must look like. */
export const evidenceSchema = z.object({
  schemaVersion: z.string(),
  origin: z.enum(['recorded', 'synthetic']),
  tool: z.object({ name: z.string(), version: z.string() }),
  takenAt: z.string(),
  facts: factsSchema,
  probes: z.array(probe),
  missing: z.array(z.object({ fact: factName, node: z.string().optional(), reason: z.string() })),
});

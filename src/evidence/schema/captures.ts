import { z } from 'zod';
import { text, maybeText, maybeNumber, recordedAddress, operation, ends } from './terms.js';

const segment = z.object({ sequence: z.number(), acknowledges: z.number(), dataBytes: z.number() });

const quoted = z.object({
  ...ends,
  protocol: z.number(),
  sourcePort: maybeNumber,
  destinationPort: maybeNumber,
});

const transport = { ...ends, sourcePort: z.number(), destinationPort: z.number(), flags: text, ttl: z.number() };

const content = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('arp'), operation, sender: recordedAddress, target: recordedAddress, senderMac: text }),
  z.object({ kind: z.literal('nd'), operation, sender: recordedAddress, target: recordedAddress }),
  z.object({
    kind: z.literal('icmp'),
    ...ends,
    type: z.enum([
      'echo-request',
      'echo-reply',
      'unreachable',
      'redirect',
      'time-exceeded',
      'router-advertisement',
      'other',
    ]),
    code: z.number(),
    id: maybeNumber,
    sequence: maybeNumber,
    ttl: z.number(),
    about: quoted.optional(),
    mtu: maybeNumber,
    via: recordedAddress.optional(),
  }),
  z.object({ kind: z.literal('tcp'), ...transport, segment: segment.optional() }),
  z.object({ kind: z.literal('udp'), ...transport }),
  z.object({ kind: z.literal('ip'), ...ends, protocol: z.number() }),
  z.object({ kind: z.literal('other'), etherType: z.number() }),
]);

export const capture = z.object({
  node: text,
  device: text,
  control: z.enum(['seen', 'not seen', 'none sent']),
  packets: z.array(
    z.object({
      atMs: z.number(),
      direction: z.enum(['in', 'out']),
      sourceMac: text,
      targetMac: text,
      vlan: maybeNumber,
      content,
    }),
  ),
  file: maybeText,
});

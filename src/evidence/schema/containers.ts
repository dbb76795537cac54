import { z } from 'zod';
import { text, maybeNumber, recordedAddress, addressOrSubnet, transportName } from './terms.js';

export const container = z.object({
  name: text,
  id: text,
  state: text,
  attachments: z.array(
    z.object({
      network: text,
      addresses: z.array(addressOrSubnet),
      gateway: recordedAddress.optional(),
      mac: text.optional(),
    }),
  ),
  dns: z.array(recordedAddress).optional(),
  resolvers: z
    .array(
      z.object({
        address: recordedAddress,
        askedFrom: z.enum(['container', 'host']),
        source: z.enum(['docker', 'host', 'systemd-resolved', 'container']),
      }),
    )
    .optional(),
  publishes: z.array(z.object({ protocol: transportName, port: z.number(), hostPort: maybeNumber })).optional(),
  warnings: z.array(text).optional(),
});

export const socket = z.object({ protocol: transportName, address: recordedAddress, port: z.number() });

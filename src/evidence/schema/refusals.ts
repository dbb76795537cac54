import { z } from 'zod';
import { askedNetwork } from './networks.js';
import { text, maybeText, recordedAddress } from './terms.js';

export const refusal = z.object({
  step: z.enum(['create-network', 'create-container', 'connect', 'start-container']),
  networks: z.array(askedNetwork),
  container: z.object({ name: text, addresses: z.array(recordedAddress), mac: maybeText }).optional(),
  message: text,
});

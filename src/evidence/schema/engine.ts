import { z } from 'zod';
import { PLATFORM_IDS } from '../../scenario/platforms.js';
import { text } from './terms.js';

export const engine = z.object({
  product: text,
  version: text,
  apiVersion: text,
  kernel: text,
  operatingSystem: text,
  rootless: z.boolean().optional(),
  disposable: z.boolean(),
});

export const platformSchema = z.object({
  id: z.enum(PLATFORM_IDS),
  kind: z.enum(['physical', 'hypervisor', 'cloud']),
  product: text,
  wireless: z.array(text),
  origin: z.enum(['firmware', 'assumed']),
});

import { z } from 'zod';
import { text, maybeText, maybeNumber, recordedSubnet, addressOrSubnet } from './terms.js';

export const link = z.object({
  index: z.number(),
  name: text,
  adminUp: z.boolean(),
  carrier: z.boolean(),
  operState: text,
  noArp: z.boolean(),
  mtu: z.number(),
  mac: maybeText,
  kind: maybeText,
  mode: maybeText,
  flag: maybeText,
  vlan: maybeNumber,
  lower: maybeText,
  controller: maybeText,
  addresses: z.array(recordedSubnet),
  bond: z.object({ activeLeg: maybeText }).optional(),
  bridge: z.object({ stp: z.boolean(), snooping: z.boolean() }).optional(),
  leg: z.object({ state: text, mii: maybeText, failures: maybeNumber, permanentMac: maybeText }).optional(),
});

export const linkFilter = z.object({
  device: text,
  way: z.enum(['ingress', 'egress']),
  kind: z.enum(['tc', 'xdp']),
  text,
  priority: maybeNumber,
  action: maybeText,
  source: addressOrSubnet.optional(),
  destination: addressOrSubnet.optional(),
  packets: maybeNumber,
});

export const queue = z.object({ device: text, kind: text, parent: maybeText, options: text, dropped: z.number() });

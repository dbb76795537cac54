import { z } from 'zod';
import { isAddress, isSubnet } from '../../ip.js';

export const text = z.string();
export const maybeText = text.optional();
export const maybeNumber = z.number().optional();
export const recordedAddress = text.refine(isAddress, 'is not an IP address');
export const recordedSubnet = text.refine(isSubnet, 'is not a subnet');
export const addressOrSubnet = text.refine(
  (value) => isAddress(value) || isSubnet(value),
  'is neither address nor subnet',
);
export const family = z.union([z.literal(4), z.literal(6)]);
export const driver = z.enum(['ipvlan', 'macvlan', 'bridge']);
export const perNode = <Value extends z.ZodType>(value: Value) => z.record(text, value);
export const transportName = z.enum(['tcp', 'udp']);
export const backend = z.enum(['nftables', 'iptables-nft', 'iptables-legacy', 'routeros', 'pf', 'cisco-ios']);
export const operation = z.enum(['request', 'reply']);
export const ends = { source: recordedAddress, destination: recordedAddress };

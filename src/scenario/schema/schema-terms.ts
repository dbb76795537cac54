import { z } from 'zod';
import { bare, isAddress, isSubnet, sameAddress, subnetOf } from '../../ip.js';

/** The small words of the scenario format. Every error completes a sentence that begins with the path: "… must be". */

const ADDRESS = 'must be an IPv4 or IPv6 address without prefix length, such as 192.168.0.2';
const SUBNET = 'must be a subnet with its prefix length, such as 192.168.0.0/24';

export const address = z.string(ADDRESS).refine(isAddress, ADDRESS);

export const subnet = z
  .string(SUBNET)
  .refine(isSubnet, { error: SUBNET, abort: true })
  .refine((text) => sameAddress(bare(text), bare(subnetOf(text))), {
    error: ({ input }) => `must name the subnet itself, ${subnetOf(String(input))}`,
  });

/** One, or a list where both address families make sense. */
export function oneOrMore<Item extends z.ZodType>(item: Item) {
  return z.union([item, z.array(item).min(1, 'must not be an empty list')]);
}

/** What {@link oneOrMore} read, as a list; an absent value is an empty one. */
export function list<Item>(value: Item | readonly Item[] | undefined): readonly Item[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly Item[]) : [value as Item];
}

const NAME = 'must be a name of letters, digits, dot, dash and underscore that begins with a letter or digit';

/** Names go to Docker and into shell commands. */
export const name = z.string(NAME).regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/, NAME);

const INTERFACE = 'must be an interface name of at most 15 letters, digits, dashes and underscores, such as enp0s3';

/** Linux allows 15 bytes. A dot would make Docker take the rest for a VLAN. */
export const interfaceName = z.string(INTERFACE).regex(/^[a-zA-Z][a-zA-Z0-9_-]{0,14}$/, INTERFACE);

const MAC = 'must be a MAC address such as 02:42:c0:a8:00:64';

export const macAddress = z.string(MAC).regex(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i, MAC);

export const nonEmptyText = z.string('must be a text').min(1, 'must not be empty');

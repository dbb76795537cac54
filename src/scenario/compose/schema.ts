import { z } from 'zod';
import { address, macAddress, subnet, nonEmptyText } from '../schema/schema-terms.js';

/** Booleans and numbers that come out of variables are texts. */
const truth = z
  .union([z.boolean(), z.enum(['true', 'false'])], 'must be true or false')
  .transform((one) => String(one) === 'true');
const word = z.union([z.string(), z.number(), z.boolean()], 'must be a text').transform(String);
/** Compose takes a key with nothing behind it as if it were not there. */
const orNothing = <Value extends z.ZodType>(value: Value) => value.nullish().transform((one) => one ?? undefined);

const ipam = z.strictObject({
  driver: orNothing(word),
  options: orNothing(z.record(z.string(), word)),
  config: orNothing(
    z.array(
      z.strictObject({
        subnet: subnet.optional(),
        gateway: address.optional(),
        ip_range: subnet.optional(),
        aux_addresses: orNothing(z.record(z.string(), address)),
      }),
    ),
  ),
});

const labels = z.unknown();

const network = z.strictObject({
  name: orNothing(nonEmptyText),
  driver: orNothing(word),
  driver_opts: orNothing(z.record(z.string(), word)),
  attachable: orNothing(truth),
  enable_ipv4: orNothing(truth),
  enable_ipv6: orNothing(truth),
  external: z.union([truth, z.strictObject({ name: orNothing(nonEmptyText) })], 'must be true or false').optional(),
  internal: orNothing(truth),
  ipam: orNothing(ipam),
  labels: labels.optional(),
});

const attachment = z.looseObject({
  ipv4_address: orNothing(address),
  ipv6_address: orNothing(address),
  mac_address: orNothing(macAddress),
});

const LIST_OR_MAP = 'must be a list of networks, or a mapping of them';

const service = z.looseObject({
  container_name: orNothing(word),
  extends: z.unknown().optional(),
  networks: orNothing(z.union([z.array(word), z.record(z.string(), orNothing(attachment))], LIST_OR_MAP)),
  network_mode: orNothing(word),
  mac_address: orNothing(macAddress),
  ports: orNothing(z.array(z.union([z.string(), z.number(), z.looseObject({})], 'must be a port'))),
});

/** The parts of a compose file that say how its containers are networked. The rest is left to compose. */
export const composeSchema = z.looseObject({
  name: orNothing(word),
  include: z.unknown().optional(),
  networks: orNothing(z.record(z.string(), orNothing(network))),
  services: orNothing(z.record(z.string(), service)),
});

export type ComposeFile = z.infer<typeof composeSchema>;
export type ComposeNetwork = z.infer<typeof network>;
export type ComposeService = z.infer<typeof service>;
export type ComposeAttachment = Partial<z.infer<typeof attachment>>;

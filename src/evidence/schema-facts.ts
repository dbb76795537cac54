import { z } from 'zod';
import { isAddress, isSubnet } from '../ip.js';
import { PLATFORM_IDS } from '../scenario/platforms.js';

/*
 * The data dictionary once more, as what a file must look like. Addresses are checked to be addresses, for later stages
 * calculate with them. Unknown keys are dropped: a newer minor version may have written them.
 */

const text = z.string();
const maybeText = text.optional();
const maybeNumber = z.number().optional();
export const address = text.refine(isAddress, 'is not an IP address');
const subnet = text.refine(isSubnet, 'is not a subnet');
const addressOrSubnet = text.refine((value) => isAddress(value) || isSubnet(value), 'is neither address nor subnet');
const family = z.union([z.literal(4), z.literal(6)]);
const driver = z.enum(['ipvlan', 'macvlan', 'bridge']);
const perNode = <Value extends z.ZodType>(value: Value) => z.record(text, value);
const transportName = z.enum(['tcp', 'udp']);
const backend = z.enum(['nftables', 'iptables-nft', 'iptables-legacy']);

const engine = z.object({
  product: text,
  version: text,
  apiVersion: text,
  kernel: text,
  operatingSystem: text,
  rootless: z.boolean().optional(),
  disposable: z.boolean(),
});

const node = z.object({
  name: text,
  kind: z.enum(['host', 'container', 'gateway', 'peer', 'internet', 'switch']),
  addresses: z.array(address),
});

const askedNetwork = z.object({
  name: text,
  driver,
  mode: maybeText,
  flag: maybeText,
  parent: maybeText,
  internal: z.boolean(),
  subnets: z.array(
    z.object({
      subnet,
      gateway: address.optional(),
      range: subnet.optional(),
      reserved: z.record(text, address).optional(),
    }),
  ),
  options: z.record(text, text),
  ipv4: z.boolean().optional(),
  ipv6: z.boolean().optional(),
  attachable: z.boolean().optional(),
  scope: z.literal('swarm').optional(),
  configFrom: text.optional(),
  ipam: z.object({ driver: text.optional(), options: z.record(text, text).optional() }).optional(),
  labels: z.record(text, text).optional(),
  warnings: z.array(text).optional(),
});
const network = askedNetwork.extend({ id: text });

const container = z.object({
  name: text,
  id: text,
  state: text,
  attachments: z.array(z.object({ network: text, addresses: z.array(addressOrSubnet), gateway: address.optional() })),
  dns: z.array(address).optional(),
  publishes: z.array(z.object({ protocol: transportName, port: z.number(), hostPort: maybeNumber })).optional(),
  warnings: z.array(text).optional(),
});

const refusal = z.object({
  step: z.enum(['create-network', 'create-container', 'connect', 'start-container']),
  networks: z.array(askedNetwork),
  container: z.object({ name: text, addresses: z.array(address), mac: maybeText }).optional(),
  message: text,
});

const socket = z.object({ protocol: transportName, address, port: z.number() });

const link = z.object({
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
  addresses: z.array(subnet),
});

const route = z.object({
  family,
  table: text,
  type: text,
  destination: subnet,
  via: address.optional(),
  device: maybeText,
  metric: z.number(),
  scope: maybeText,
  source: address.optional(),
  flags: z.array(text),
});

const rule = z.object({
  family,
  priority: z.number(),
  from: addressOrSubnet.optional(),
  to: addressOrSubnet.optional(),
  inDevice: maybeText,
  outDevice: maybeText,
  mark: maybeText,
  inverted: z.boolean(),
  suppressPrefix: z.number().optional(),
  others: z.array(z.string()).optional(),
  table: maybeText,
  action: maybeText,
});

const neighbour = z.object({ address, device: text, mac: maybeText, state: text });

const counters = z.object({ txDropped: z.record(text, z.number()), protocol: z.record(text, z.number()) });

const place = { backend, family: text, table: text, chain: text };

const firewall = z.object({
  readable: z.array(backend),
  chains: z.array(
    z.object({
      ...place,
      hook: maybeText,
      priority: maybeNumber,
      type: maybeText,
      policy: maybeText,
      policyPackets: maybeNumber,
      devices: z.array(text).optional(),
    }),
  ),
  sets: z.array(z.object({ family: text, table: text, name: text, elements: z.array(text) })).optional(),
  rules: z.array(z.object({ ...place, handle: maybeNumber, text, verdict: maybeText, packets: maybeNumber })),
});

const linkFilter = z.object({
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

const operation = z.enum(['request', 'reply']);
const ends = { source: address, destination: address };
const transport = { ...ends, sourcePort: z.number(), destinationPort: z.number(), flags: text, ttl: z.number() };

const content = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('arp'), operation, sender: address, target: address, senderMac: text }),
  z.object({ kind: z.literal('nd'), operation, sender: address, target: address }),
  z.object({
    kind: z.literal('icmp'),
    ...ends,
    type: z.enum(['echo-request', 'echo-reply', 'unreachable', 'redirect', 'time-exceeded', 'other']),
    code: z.number(),
    id: maybeNumber,
    sequence: maybeNumber,
    ttl: z.number(),
  }),
  z.object({ kind: z.literal('tcp'), ...transport }),
  z.object({ kind: z.literal('udp'), ...transport }),
  z.object({ kind: z.literal('ip'), ...ends, protocol: z.number() }),
  z.object({ kind: z.literal('other'), etherType: z.number() }),
]);

const capture = z.object({
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

const queue = z.object({ device: text, kind: text, parent: maybeText, options: text, dropped: z.number() });

const trace = z.object({
  tags: z.array(z.number()),
  ...ends,
  dropped: z.object({ family: text, table: text, chain: text, rule: maybeText }).optional(),
});

const drop = z.object({ reason: text, location: maybeText, family, tag: maybeNumber, packets: z.number() });

const platform = z.object({
  id: z.enum(PLATFORM_IDS),
  kind: z.enum(['physical', 'hypervisor', 'cloud']),
  product: text,
  wireless: z.array(text),
  origin: z.enum(['firmware', 'assumed']),
});

/** What the facts of an evidence file must look like; any of them may be absent. */
export const factsSchema = z
  .object({
    engine,
    nodes: z.array(node),
    networks: z.array(network),
    containers: z.array(container),
    refusals: z.array(refusal),
    links: perNode(z.array(link)),
    routes: perNode(z.array(route)),
    rules: perNode(z.array(rule)),
    neighbours: perNode(z.array(neighbour)),
    sockets: perNode(z.array(socket)),
    sysctls: perNode(z.record(text, text)),
    counters: perNode(counters),
    firewall: perNode(firewall),
    linkFilters: perNode(z.array(linkFilter)),
    queues: perNode(z.array(queue)),
    traces: perNode(z.array(trace)),
    drops: perNode(z.array(drop)),
    captures: z.array(capture),
    platform: perNode(platform),
  })
  .partial();

/** The name of a fact. */
export const factName = z.enum(Object.keys(factsSchema.shape) as [keyof typeof factsSchema.shape]);

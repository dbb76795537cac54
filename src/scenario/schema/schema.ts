import { z } from 'zod';
import { address, macAddress, name, oneOrMore, subnet, nonEmptyText } from './schema-terms.js';
import { siteSchema } from './schema-site.js';

const detailedSubnet = z.strictObject({
  subnet: subnet.describe('The subnet.'),
  gateway: address.optional().describe("Docker's --gateway. Ignored by IPvlan L3 and L3S."),
  range: subnet.optional().describe("Docker's --ip-range: the part addresses are taken from."),
  reserved: z
    .record(name, address)
    .optional()
    .describe("Docker's --aux-address: names and addresses no container may get."),
});

const option = z.union([z.string(), z.number(), z.boolean()], 'must be a text, a number, true or false');

const network = z.strictObject({
  name: name.describe("The network's name in Docker."),
  driver: z.enum(['ipvlan', 'macvlan', 'bridge']).optional().describe('Docker network driver. Default: ipvlan.'),
  mode: z
    .enum(['l2', 'l3', 'l3s', 'bridge', 'vepa', 'private', 'passthru'])
    .optional()
    .describe('ipvlan: l2 (default), l3 or l3s. macvlan: bridge (default), vepa, private or passthru.'),
  flag: z.enum(['bridge', 'private', 'vepa']).optional().describe("ipvlan_flag. Absent: Docker's default, bridge."),
  parent: nonEmptyText
    .optional()
    .describe(
      "The host's interface, or a VLAN of it such as enp0s3.30. Absent: Docker's own dummy link, with no route out.",
    ),
  subnets: z
    .array(z.union([subnet, detailedSubnet], 'must be a subnet, or a mapping with subnet, gateway, range and reserved'))
    .min(1, 'must list at least one subnet')
    .describe('Subnets, each as text or with gateway, range and reserved addresses. Both families may be mixed.'),
  internal: z.boolean('must be true or false').optional().describe("Docker's --internal. Default: false."),
  options: z.record(z.string(), option).optional().describe('Further driver options, passed on as they are.'),
});

const attachment = z.strictObject({
  name: name.describe('The network.'),
  address: oneOrMore(address).optional().describe('Fixed address, one per family. Default: the next free one.'),
});

const container = z
  .strictObject({
    name: name.describe("The container's name in Docker, and of the node."),
    network: name.optional().describe('The one network it is on.'),
    address: oneOrMore(address).optional().describe('Fixed address there, one per family. Default: the next free one.'),
    networks: z.array(attachment).min(1).optional().describe('Several networks, in order of attachment.'),
    mac: macAddress
      .optional()
      .describe(
        "Docker's --mac-address, on its first network. Not possible with IPvlan: its links share the MAC address of the parent.",
      ),
    listens: z
      .array(
        z
          .string()
          .regex(
            /^((tcp|udp)\/\d{1,5}|multicast\/(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-fA-F:]+\]):\d{1,5})$/,
            'must be tcp/PORT, udp/PORT or multicast/GROUP:PORT, such as tcp/3306',
          ),
      )
      .optional()
      .describe(
        'Ports it listens on, such as tcp/3306. multicast/224.0.0.251:5353 joins the group on each of its links and replies.',
      ),
    publishes: z
      .array(z.string().regex(/^(tcp|udp)\/\d{1,5}$/, 'must be tcp/PORT or udp/PORT, such as tcp/8080'))
      .optional()
      .describe("Docker's -p: ports asked for on the host, under the same number. Only a bridge network honours it."),
    dns: oneOrMore(address)
      .optional()
      .describe("Docker's --dns: the servers its resolver forwards to. Default: the site's resolver."),
  })
  .refine(({ network, networks }) => (network === undefined) !== (networks === undefined), {
    error: 'must have either network or networks',
  })
  .refine(({ address, networks }) => address === undefined || networks === undefined, {
    error: 'must give the address of each of its networks, not one of its own',
    path: ['address'],
  });

const commandFault = z.strictObject({
  on: name.describe('The node the command runs on.'),
  run: nonEmptyText.describe('A shell command.'),
  undo: nonEmptyText.optional().describe('A shell command that undoes it. May be left out only on a disposable host.'),
});

const catalogueFault = z.looseObject({
  fault: nonEmptyText.describe('A fault of the catalogue. Its parameters are keys of the same entry.'),
});

const fault = z.union(
  [nonEmptyText, commandFault, catalogueFault],
  'must be the name of a fault, a mapping with fault, or a mapping with on and run',
);

const blockedBy = z.strictObject({
  'blocked-by': nonEmptyText.describe('Fails, and the diagnosis names this cause.'),
});

const flakyBy = z.strictObject({
  'flaky-by': nonEmptyText.describe('Some of the attempts arrive, and the diagnosis names this cause.'),
});

const check = z.strictObject({
  from: name.describe('Node the check starts from.'),
  to: nonEmptyText.describe('A node, an address or a DNS name.'),
  over: z
    .string()
    .regex(
      /^(icmp|arp|dns|http|(tcp|udp|broadcast|mtu)\/\d{1,5}|multicast\/(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-fA-F:]+\]):\d{1,5})$/,
      'must be icmp, arp, dns, http, tcp/PORT, udp/PORT, broadcast/PORT, multicast/GROUP:PORT or mtu/BYTES',
    )
    .optional()
    .describe(
      'icmp (default), arp, dns, http, tcp/PORT, udp/PORT, broadcast/PORT: a datagram to all hosts on the link, which the target must answer, multicast/GROUP:PORT such as multicast/224.0.0.251:5353 or multicast/[ff02::fb]:5353: a datagram to the group, which must reach the target, or mtu/BYTES: a packet of that size, unfragmented.',
    ),
  expect: z
    .union(
      [z.enum(['reachable', 'blocked']), blockedBy, flakyBy],
      'must be reachable, blocked, or a mapping { blocked-by: CAUSE } or { flaky-by: CAUSE }',
    )
    .optional()
    .describe('reachable (default), blocked, { blocked-by: CAUSE }, or { flaky-by: CAUSE }.'),
});

const remedy = z.enum(['verify', 'skip']).optional();

/** A scenario file. Defaults are filled in by `planScenario` and not here, because most of them depend on the rest. */
export const scenarioSchema = z
  .strictObject({
    id: name.describe("Equals the file's name without .yaml."),
    title: nonEmptyText.describe('One line for lists and reports.'),
    why: nonEmptyText.optional().describe('What the scenario is about, in a sentence or two.'),
    site: siteSchema.optional(),
    networks: z.array(network).describe('Docker networks to create. [] for a site to try things in by hand.'),
    containers: z.array(container).describe('Containers to start; may be [] too.'),
    faults: z
      .array(fault)
      .optional()
      .describe('What is broken, in order, once everything is up and healthy: catalogue faults or shell commands.'),
    checks: z
      .array(check)
      .optional()
      .describe('What is asked. Default: containers to each other, to gateway, peer and internet, and a peer to them.'),
    diagnosis: z
      .array(nonEmptyText)
      .optional()
      .describe(
        'Exactly the causes that must be found; [] for none. Default: any cause may be found. What Docker rejects is allowed where its cause is listed.',
      ),
    remedy: remedy.describe(
      'verify: apply the remedy that is reported, then every check must pass. skip: do not. Default: verify where something is expected to be wrong.',
    ),
  })
  .describe('A scenario of ipvlan-doctor.');

export type ScenarioFile = z.infer<typeof scenarioSchema>;
export type NetworkFile = ScenarioFile['networks'][number];
export type ContainerFile = ScenarioFile['containers'][number];
export type FaultFile = NonNullable<ScenarioFile['faults']>[number];
export type CheckFile = NonNullable<ScenarioFile['checks']>[number];

/** The part of JSON Schema that zod makes of our types. */
export interface JsonSchema {
  readonly additionalProperties?: JsonSchema | boolean;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly required?: readonly string[];
}

/** The scenario format as JSON Schema (draft 2020-12), for editors and for readers. */
export function scenarioJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(scenarioSchema, { io: 'input' });
  return { ...schema, title: 'ipvlan-doctor scenario' } as JsonSchema;
}

import { z } from 'zod';
import { BOND_MODES } from '../parent.js';
import { PLATFORM_IDS } from '../platforms.js';
import { address, interfaceName, name, oneOrMore, subnet } from './schema-terms.js';

const LEGS = 'must be a number of legs from 1 to 4';

const bond = z
  .strictObject({
    mode: z
      .enum(BOND_MODES)
      .optional()
      .describe(
        'Its mode. Default: active-backup. For balance-rr, balance-xor and 802.3ad the switch bundles its ports in the same mode.',
      ),
    legs: z.int(LEGS).min(1, LEGS).max(4, LEGS).optional().describe('How many legs it has: eth1, eth2 … Default: 2.'),
  })
  .describe('A bond of links, each with a switch port of its own.');

const bridge = z
  .strictObject({
    stp: z
      .boolean('must be true or false')
      .optional()
      .describe('Whether it runs the spanning tree protocol. Default: false.'),
    snooping: z
      .boolean('must be true or false')
      .optional()
      .describe('Whether it forwards multicast only to ports that asked for it. Default: true.'),
  })
  .describe('A bridge with one port to the LAN, eth1.');

const parent = z
  .union(
    [z.strictObject({ bond }), z.strictObject({ bridge })],
    'must be a mapping with bond or with bridge, such as { bond: { mode: active-backup } }',
  )
  .describe("What the host's interface on the LAN is. Default: a plain link.");

const host = z
  .strictObject({
    interface: interfaceName.optional().describe("The host's interface on the LAN, the usual parent. Default: enp0s3."),
    address: oneOrMore(address).optional().describe("The host's address on the LAN. Default: the second of the LAN."),
    parent: parent.optional(),
  })
  .describe('How the Docker host is attached to the LAN.');

const route = z.strictObject({
  to: subnet.describe('Destination subnet.'),
  via: address.describe('Next hop, an address on the LAN or a VLAN.'),
});

const gateway = z
  .strictObject({
    address: oneOrMore(address).optional().describe("The gateway's address on the LAN. Default: the first of the LAN."),
    routes: z
      .array(route)
      .optional()
      .describe('Static routes. Default: one to every L3 subnet via the host. [] for none.'),
    masquerades: z
      .array(subnet)
      .optional()
      .describe(
        'Source subnets that the gateway masquerades towards the internet. Default: the LAN, the VLANs and every container subnet with a parent. [] for none.',
      ),
  })
  .describe('The router between the LAN and the internet.');

const peer = z.strictObject({
  name: name
    .max(13, 'must have at most 13 letters, because the switch port is named after it')
    .describe('Name of the node, for checks and commands.'),
  address: oneOrMore(address).optional().describe('Its address on the LAN. Default: the fiftieth of the LAN and up.'),
});

const internet = z
  .strictObject({
    address: oneOrMore(address)
      .optional()
      .describe('Public addresses that answer ICMP, DNS, TCP 80 and 443. Default: 8.8.8.8 and 1.1.1.1.'),
    names: z
      .record(z.string(), oneOrMore(address))
      .optional()
      .describe('DNS names and their addresses. Default: google.com.'),
  })
  .describe('The simulated internet.');

const vlan = z.strictObject({
  id: z
    .int('must be a VLAN id from 1 to 4094')
    .min(1, 'must be a VLAN id from 1 to 4094')
    .max(4094, 'must be a VLAN id from 1 to 4094')
    .describe('The 802.1Q tag.'),
  subnet: oneOrMore(subnet).describe('Its subnets, one per family.'),
  gateway: oneOrMore(address).optional().describe("The gateway's addresses on it. Default: the first of each subnet."),
});

const simulatedSite = z.strictObject({
  lan: oneOrMore(subnet).optional().describe('The LAN, one subnet per family. Default: 192.168.0.0/24.'),
  host: host.optional(),
  gateway: gateway.optional(),
  peers: z.array(peer).optional().describe('Other machines on the LAN. Default: laptop. [] for none.'),
  internet: internet.optional(),
  resolver: address.optional().describe('The DNS server host and containers ask. Default: the gateway.'),
  platform: z
    .enum(PLATFORM_IDS)
    .optional()
    .describe(
      "What the host is taken to be, instead of what its firmware says. In a cloud the gateway is the provider's router: it cannot be looked into, nor sent from. Default: what it is.",
    ),
  vlans: z.array(vlan).optional().describe('Tagged VLANs the switch carries to the host.'),
});

/** The physical network around the Docker host. */
export const siteSchema = z
  .union([z.literal('real'), simulatedSite], 'must be a mapping, or the word real')
  .describe("The physical network around the Docker host. Default: the article's. What is left out is derived.");

export type SiteFile = z.infer<typeof simulatedSite>;

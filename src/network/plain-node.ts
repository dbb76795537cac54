import type { Firewall, Link, Route, Rule } from '../evidence/facts.js';
import { familyOf, subnetOf } from '../ip.js';

/** A router's sysctls. */
export const FORWARDING = {
  'net.ipv4.ip_forward': '1',
  'net.ipv4.conf.all.forwarding': '1',
  'net.ipv6.conf.all.forwarding': '1',
  'net.ipv4.conf.all.rp_filter': '0',
};

/** The policy rules that every node has. */
export const RULES: readonly Rule[] = ([4, 6] as const).flatMap((family) =>
  (['local', 'main', 'default'] as const).map((table, index) =>
    plainRule(family, { priority: [0, 32766, 32767][index] ?? 0, table }),
  ),
);

/** A policy rule that looks up a table for every packet. */
export function plainRule(family: 4 | 6, { priority, table }: Pick<Rule, 'priority' | 'table'>): Rule {
  return {
    family,
    priority,
    from: undefined,
    to: undefined,
    inDevice: undefined,
    outDevice: undefined,
    mark: undefined,
    inverted: false,
    table,
    action: undefined,
  };
}

const PLACE = { backend: 'nftables', family: 'ip', table: 'assumed' } as const;

/** Lets everything pass. */
export const OPEN: Firewall = { readable: ['nftables', 'iptables-nft', 'iptables-legacy'], chains: [], rules: [] };

/** Translates the source of whatever leaves by a link. */
export function masquerading(uplink: string): Firewall {
  const chain = { ...PLACE, chain: 'postrouting', hook: 'postrouting', priority: 100, type: 'nat', policy: 'accept' };
  const text = `oifname "${uplink}" masquerade`;
  return {
    ...OPEN,
    chains: [{ ...chain, policyPackets: undefined }],
    rules: [{ ...PLACE, chain: 'postrouting', handle: 1, text, verdict: 'masquerade', packets: undefined }],
  };
}

export function anywhere(family: 4 | 6): string {
  return family === 4 ? '0.0.0.0/0' : '::/0';
}

/** A route to each subnet a link has an address in. */
export function connected(links: readonly Link[]): readonly Route[] {
  return links.flatMap(({ name, addresses }) =>
    [...new Set(addresses.map(subnetOf))].map((subnet) => plainRoute(subnet, { device: name })),
  );
}

export function plainRoute(destination: string, to: Pick<Partial<Route>, 'via' | 'device'>): Route {
  return {
    family: familyOf(destination) ?? 4,
    table: 'main',
    type: 'unicast',
    destination,
    via: undefined,
    device: undefined,
    metric: 0,
    scope: undefined,
    source: undefined,
    flags: [],
    ...to,
  };
}

/** A link that is up; it has no address yet. */
export function plainLink(index: number, name: string): Link {
  return {
    index,
    name,
    adminUp: true,
    carrier: true,
    operState: 'UP',
    noArp: false,
    mtu: 1500,
    mac: undefined,
    kind: undefined,
    mode: undefined,
    flag: undefined,
    vlan: undefined,
    controller: undefined,
    addresses: [],
  };
}

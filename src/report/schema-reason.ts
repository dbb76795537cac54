import { z } from 'zod';

const text = z.string();
const place = z.object({
  backend: z.enum(['nftables', 'iptables-nft', 'iptables-legacy', 'routeros', 'pf', 'cisco-ios']),
  family: text,
  table: text,
  chain: text,
});
const rule = { kind: z.literal('rule'), place, rule: text, handle: z.number().optional() };
const policy = { kind: z.literal('policy'), place };
const linkFilter = {
  kind: z.literal('link-filter'),
  filter: z.object({
    program: z.enum(['tc', 'xdp']),
    device: text,
    way: z.enum(['ingress', 'egress']),
    text,
  }),
};

/** A rule or policy of a packet filter. */
export const deciderSchema = z.discriminatedUnion('kind', [z.object(rule), z.object(policy)]);
const linkDecider = z.discriminatedUnion('kind', [z.object(rule), z.object(policy), z.object(linkFilter)]);

const onNode = { node: text };
const onLink = { node: text, device: text };
const end = z.object({ ...onLink, vlan: z.number().optional() });

/** Why a packet gets no further, in a result file. */
export const reasonSchema = z.discriminatedUnion('kind', [
  z.object({ ...rule, ...onNode }),
  z.object({ ...policy, ...onNode }),
  z.object({ ...linkFilter, ...onNode }),
  z.object({
    kind: z.literal('redirected'),
    ...onNode,
    destination: text,
    by: deciderSchema,
    to: text.optional(),
  }),
  z.object({ kind: z.literal('link-down'), ...onLink }),
  z.object({ kind: z.literal('no-carrier'), ...onLink }),
  z.object({ kind: z.literal('no-carrier-on-parent'), parent: text, ...onLink }),
  z.object({ kind: z.literal('switch-port-down'), ...onNode }),
  z.object({ kind: z.literal('too-big'), ...onLink, bytes: z.number(), mtu: z.number() }),
  z.object({ kind: z.literal('other-vlan'), ends: z.tuple([end, end]) }),
  z.object({ kind: z.literal('dropped-on-wire'), device: z.string(), address: z.string(), arp: z.boolean() }),
  z.object({ kind: z.literal('vlan-unanswered'), ...onLink, vlan: z.number().optional() }),
  z.object({ kind: z.literal('no-parent'), network: text }),
  z.object({ kind: z.literal('host-apart'), device: text, driver: text }),
  z.object({ kind: z.literal('siblings-apart'), setting: z.enum(['mode', 'flag']), value: text }),
  z.object({ kind: z.literal('siblings-by-switch') }),
  z.object({ kind: z.literal('no-route'), destination: text }),
  z.object({ kind: z.literal('route-forbids'), destination: text, type: text }),
  z.object({ kind: z.literal('no-route-via-parent'), device: text, destination: text }),
  z.object({ kind: z.literal('route-via-other-link'), destination: text, device: text, parent: text }),
  z.object({
    kind: z.literal('rule-before-main'),
    ...onLink,
    destination: text,
    priority: z.number(),
    table: text,
  }),
  z.object({ kind: z.literal('reply-via-other-network'), source: text, device: text }),
  z.object({ kind: z.literal('only-default-route'), destination: text }),
  z.object({ kind: z.literal('forwarding-off'), ...onNode }),
  z.object({ kind: z.literal('routing-loop'), ...onNode }),
  z.object({ kind: z.literal('reverse-path-filter'), ...onLink, source: text }),
  z.object({ kind: z.literal('no-route-on-internet'), destination: text }),
  z.object({ kind: z.literal('address-not-held'), address: text, as: z.enum(['target', 'next-hop']) }),
  z.object({ kind: z.literal('next-hop-in-l3'), address: text }),
  z.object({ kind: z.literal('arp-for-l3-container'), ...onNode, address: text }),
  z.object({ kind: z.literal('stale-neighbour'), ...onNode, address: text, mac: text }),
  z.object({ kind: z.literal('arp-reply-taken'), ...onNode, next: text, by: text, address: text }),
  z.object({ kind: z.literal('address-conflict'), address: text, meant: text, holder: text, sender: text }),
  z.object({ kind: z.literal('sender-address-held'), address: text, by: text }),
  z.object({ kind: z.literal('host-address-taken'), parent: text, address: text, by: text }),
  z.object({ kind: z.literal('address-lost'), container: text, address: text }),
  z.object({ kind: z.literal('not-translated'), source: text }),
  z.object({ kind: z.literal('reply-to-host'), source: text }),
  z.object({
    kind: z.literal('not-listening'),
    ...onNode,
    protocol: text,
    port: z.number(),
    elsewhere: z.array(text),
  }),
]);

/** What would have to be known, in a result file. */
export const unseenSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('routes'), ...onNode }),
  z.object({ kind: z.literal('routes-of-link'), device: text }),
  z.object({ kind: z.literal('packet-filter'), ...onNode }),
  z.object({ kind: z.literal('nat-rules'), ...onNode }),
  z.object({ kind: z.literal('link'), ...onLink }),
  z.object({ kind: z.literal('holder'), address: text, as: z.enum(['target', 'next-hop']) }),
  z.object({ kind: z.literal('forwarding'), ...onNode }),
  z.object({ kind: z.literal('translation'), ...onNode, source: text }),
  z.object({ kind: z.literal('rule-match'), by: deciderSchema }),
  z.object({ kind: z.literal('filter-effect'), by: linkDecider }),
  z.object({ kind: z.literal('reflective-relay') }),
]);

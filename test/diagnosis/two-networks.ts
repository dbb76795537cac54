import type { Capture, Packet } from '../../src/evidence/facts.js';
import { alsoAsked, change, lost, recorded, withFirewall, withRoute, type Situation } from './situation.js';

/** The check of a connection from the subnet of the one network to the address on the other. */
export const ACROSS = 'laptop>branch/tcp/8123';

const TAG = 48_700;
const [LAPTOP, BRANCH] = ['192.168.0.50', '192.168.30.10'];

const segment = (flags: string, reply = false): Packet['content'] => ({
  ...{ kind: 'tcp', ttl: 64, flags },
  ...(reply
    ? { source: BRANCH, destination: LAPTOP, sourcePort: 8123, destinationPort: TAG }
    : { source: LAPTOP, destination: BRANCH, sourcePort: TAG, destinationPort: 8123 }),
});
const packet = (direction: 'in' | 'out', content: Packet['content'], vlan?: number): Packet => ({
  ...{ atMs: 0, direction, sourceMac: '02:00:00:00:00:01', targetMac: '02:00:00:00:00:02', vlan, content },
});
const CLOSING = ['A', 'FA', 'FA', 'FA'].map((flags) => segment(flags));

const SEEN: Readonly<Record<string, readonly Packet[]>> = {
  'laptop eth0': [
    packet('out', segment('S')),
    packet('in', segment('SA', true)),
    ...CLOSING.map((content) => packet('out', content)),
  ],
  'gateway lan0': [
    packet('in', segment('S')),
    packet('out', segment('S'), 30),
    ...CLOSING.map((content) => packet('in', content)),
  ],
  'host enp0s3': [packet('in', segment('S'), 30), packet('out', segment('SA', true))],
  'branch eth0': [packet('in', segment('S'))],
  'branch eth1': [packet('out', segment('SA', true))],
};

const stateful = { backend: 'nftables', family: 'ip', table: 'st', chain: 'mid' } as const;

/**
 * A container in two VLANs. A machine in the one asks for its address in the other: the request comes via the router, and the reply goes
 * straight back, so that the router sees one direction only. Which rules it has decides what becomes of the rest.
 */
export function acrossVlans(rule: string): Situation {
  const base = recorded('l2-default-by-other-network');
  const eth0 = base.facts.links?.['branch']?.find(({ name }) => name === 'eth0');
  if (!eth0) throw new Error('branch has no eth0');
  const eth1 = { ...eth0, index: 14, name: 'eth1', addresses: ['192.168.0.110/24'] };
  const twice = change(base, ({ containers, nodes, captures, links, sockets }) => ({
    links: { ...links, branch: [...(links['branch'] ?? []), eth1] },
    sockets: { ...sockets, branch: [{ protocol: 'tcp' as const, address: '0.0.0.0', port: 8123 }] },
    nodes: nodes.map((one) =>
      one.name === 'branch' ? { ...one, addresses: [...one.addresses, '192.168.0.110'] } : one,
    ),
    containers: containers.map((one) =>
      one.name === 'branch'
        ? {
            ...one,
            attachments: [
              ...one.attachments,
              { network: 'ipvlan_net', addresses: ['192.168.0.110'], gateway: '192.168.0.1' },
            ],
          }
        : one,
    ),
    captures: [
      ...captures,
      { node: 'branch', device: 'eth1', control: 'seen' as const, packets: [], file: undefined },
    ].map((one: Capture) => ({ ...one, packets: [...one.packets, ...(SEEN[`${one.node} ${one.device}`] ?? [])] })),
  }));
  const routed = withRoute(twice, 'branch', {
    destination: '192.168.0.0/24',
    via: undefined,
    device: 'eth1',
  });
  const asked = alsoAsked(routed, 'laptop>branch/icmp', {
    ...{ id: ACROSS, purpose: 'check', tag: TAG, over: { protocol: 'tcp', port: 8123 } },
  });
  return withFirewall(lost(asked, 'no-data-after-handshake', ACROSS), 'gateway', {
    chains: [{ ...stateful, hook: 'forward', priority: 0, type: 'filter', policy: 'accept' }],
    rules: [{ ...stateful, text: rule, verdict: 'drop' }],
  });
}

import type { Facts, Packet } from '../../src/evidence/facts.js';
import { change, lost, recorded, withoutPackets, type Situation } from './situation.js';

const HEALTHY = recorded('l2-healthy');
const MAC = '02:42:c0:a8:00:64';

/** As the healthy L2 run would have been on macvlan, where no frame from the containers' own MAC addresses gets a reply. */
export function unansweredMacvlan({ heard }: { readonly heard: boolean }): Situation {
  const cut = lost(HEALTHY, 'timeout', 'webapp>gateway*', 'webapp>laptop*', 'webapp>google*', 'webapp>internet*');
  const all = lost(cut, 'timeout', 'webapp>1.1.1.1*', 'database>gateway*', 'database>laptop*', 'database>internet*');
  const both = lost(all, 'timeout', 'database>8.8.8.8*', 'database>1.1.1.1*', 'gateway>*', 'laptop>*');
  return change(both, (was) => ({
    networks: was.networks.map((network) => ({ ...network, driver: 'macvlan', mode: 'bridge' })),
    links: onOwnMac(was),
    captures: was.captures.map((capture) => {
      if (capture.node === 'webapp' || capture.node === 'database') return capture;
      const asks = capture.node === 'host' ? [request('out')] : heard ? [request('in')] : [];
      const kept = capture.packets.filter(
        ({ content }) => content.kind !== 'arp' && !concerns(content, '192.168.0.10'),
      );
      return { ...capture, packets: [...kept, ...asks] };
    }),
  }));
}

/** As the healthy L2 run would have been where packets of the containers are lost behind the parent. */
export function unansweredL2(): Situation {
  const unanswered = { ...unansweredMacvlan({ heard: false }), facts: HEALTHY.facts };
  const fromHost = withoutPackets(unanswered, 'host', ({ direction, content }) => direction === 'in' && about(content));
  return ['gateway', 'laptop'].reduce(
    (situation, node) => withoutPackets(situation, node, ({ content }) => about(content)),
    fromHost,
  );
}

function about(content: Packet['content']): boolean {
  return concerns(content, '192.168.0.10');
}

function concerns(content: Packet['content'], prefix: string): boolean {
  return 'source' in content && [content.source, content.destination].some((address) => address.startsWith(prefix));
}

function onOwnMac({ links }: Facts): Facts['links'] {
  const own = (name: string, mac: string) =>
    (links[name] ?? []).map((link) =>
      link.name === 'eth0' ? { ...link, kind: 'macvlan', mode: 'bridge', mac } : link,
    );
  return { ...links, webapp: own('webapp', MAC), database: own('database', '02:42:c0:a8:00:65') };
}

function request(direction: Packet['direction']): Packet {
  const content = {
    kind: 'arp',
    operation: 'request',
    sender: '192.168.0.100',
    senderMac: MAC,
    target: '192.168.0.1',
  } as const;
  return { atMs: 1, direction, sourceMac: MAC, targetMac: 'ff:ff:ff:ff:ff:ff', vlan: undefined, content };
}

import type { Link, NetworkFact, Packet } from '../../src/evidence/facts.js';
import { change, type Situation } from './situation.js';

/** As if addresses, names or subnets had been others everywhere. */
export function renamed(situation: Situation, names: Readonly<Record<string, string>>): Situation {
  const words = Object.keys(names).map((word) => word.replaceAll('.', String.raw`\.`));
  const text = JSON.stringify(situation).replaceAll(
    new RegExp(`(?<![\\w.])(?:${words.join('|')})(?![\\w.])`, 'g'),
    (word) => names[word] ?? word,
  );
  return { ...(JSON.parse(text) as Situation), origin: 'synthetic' };
}

/** As if every network had been created otherwise. */
export function recreated(situation: Situation, to: Partial<NetworkFact>): Situation {
  return change(situation, ({ networks }) => ({ networks: networks.map((network) => ({ ...network, ...to })) }));
}

/** As if a probe had asked for an address that no node of ours owns. */
export function retargeted(situation: Situation, id: string, address: string): Situation {
  const probes = situation.probes.map((probe) =>
    probe.id === id ? { ...probe, to: { label: address, node: undefined, name: undefined, address } } : probe,
  );
  return { ...situation, origin: 'synthetic', probes };
}

/** As if a node had one link more. */
export function withNewLink(situation: Situation, node: string, link: Pick<Link, 'name'> & Partial<Link>): Situation {
  const whole: Link = {
    index: 99,
    adminUp: true,
    carrier: true,
    operState: 'UP',
    noArp: false,
    mtu: 1500,
    mac: '02:00:00:00:00:99',
    kind: undefined,
    mode: undefined,
    flag: undefined,
    vlan: undefined,
    controller: undefined,
    addresses: [],
    ...link,
  };
  return change(situation, ({ links }) => ({ links: { ...links, [node]: [...(links[node] ?? []), whole] } }));
}

/** As if a node's captures had shown every packet a little different. */
export function repacked(
  situation: Situation,
  node: string,
  to: (packet: Packet) => Packet | readonly Packet[],
): Situation {
  return change(situation, ({ captures }) => ({
    captures: captures.map((capture) =>
      capture.node === node ? { ...capture, packets: capture.packets.flatMap(to) } : capture,
    ),
  }));
}

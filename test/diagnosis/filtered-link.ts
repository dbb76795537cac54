import type { LinkFilter, Packet } from '../../src/evidence/facts.js';
import { change, lost, recorded, withoutPackets, type Situation } from './situation.js';

/** As if one tc filter on the parent dropped packets for the host too, and not for its containers only. */
export function hostFilteredToo(): Situation {
  const filtered = lost(recorded('l3-tc-ingress-filter'), 'timeout', 'host>*');
  return change(filtered, () => ({ linkFilters: { host: [dropping('192.168.0.0/16', 'c0a80000/ffff0000')] } }));
}

/** As if a tc filter on the parent dropped what comes in there for one of two macvlan containers, from the other as well. */
export function siblingFiltered(): Situation {
  const asked = unanswered(recorded('macvlan-healthy'), '*>database/*');
  const filtered = withoutPackets(lost(asked, 'timeout', 'database>*'), 'database', isFor('192.168.0.101'));
  return change(filtered, () => ({ linkFilters: { host: [dropping('192.168.0.101', 'c0a80065/ffffffff')] } }));
}

/** As if that had been all of the LAN's subnet, and only one container had sent to the other. */
export function siblingsFiltered(): Situation {
  const filtered = siblingFiltered();
  const probes = filtered.probes.filter(({ id }) => id === 'webapp>database/icmp');
  return change({ ...filtered, probes }, () => ({
    linkFilters: { host: [dropping('192.168.0.0/24', 'c0a80000/ffffff00')] },
  }));
}

/** A tc filter on the parent that drops what comes in for an address or subnet, `match` as tc prints it. */
export function dropping(destination: string, match: string): LinkFilter {
  return {
    device: 'enp0s3',
    way: 'ingress',
    kind: 'tc',
    text: `filter protocol ip pref 10 u32 match ${match} at 16 action order 1: gact action drop`,
    priority: 10,
    action: 'drop',
    source: undefined,
    destination,
    packets: 51,
  };
}

/** As if some probes had been lost before there was a reply: no capture shows one. */
export function unanswered(situation: Situation, ...ids: readonly string[]): Situation {
  const unanswered = lost(situation, 'timeout', ...ids);
  const before = new Map(situation.probes.map((probe) => [probe.id, probe]));
  const tags = unanswered.probes.flatMap((probe) => (before.get(probe.id) === probe ? [] : (probe.tag ?? [])));
  const nodes = new Set(unanswered.facts.captures?.map(({ node }) => node));
  return [...nodes].reduce((rest, node) => withoutPackets(rest, node, (packet) => isAnswer(packet, tags)), unanswered);
}

function isAnswer({ content }: Packet, tags: readonly number[]): boolean {
  if (content.kind === 'icmp') return content.type === 'echo-reply' && tags.includes(content.id ?? -1);
  return (content.kind === 'tcp' || content.kind === 'udp') && tags.includes(content.destinationPort);
}

function isFor(address: string) {
  return ({ content }: Packet) => 'destination' in content && content.destination === address;
}

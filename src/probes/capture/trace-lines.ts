import type { Trace } from '../../evidence/facts.js';

/** What `nft monitor trace` prints: for each packet the chains it crosses, each with the rule or policy that decided. */
export function parseTraces(events: string): readonly Trace[] {
  const byPacket = new Map<string, string[]>();
  for (const line of events.split('\n')) {
    const [, id, rest] = /^trace id (\w+) (.+)$/.exec(line.trim()) ?? [];
    if (id !== undefined && rest !== undefined) byPacket.set(id, [...(byPacket.get(id) ?? []), rest]);
  }
  return [...byPacket.values()].flatMap((lines) => parseTrace(lines) ?? []);
}

function parseTrace(lines: readonly string[]): Trace | undefined {
  const packet = lines.find((line) => / packet: /.test(line)) ?? '';
  const word = (name: string) => new RegExp(`\\b${name} (\\S+)`).exec(packet)?.[1];
  const tags = [word('icmp id') ?? word('icmpv6 id') ?? word('sport'), word('dport')];
  const [source, destination] = [word('ip6? saddr'), word('ip6? daddr')];
  if (source === undefined || destination === undefined) return undefined;
  const last = lines.findLast((line) => /\(verdict (?:drop|reject)|policy drop/.test(line));
  return {
    tags: tags.flatMap((tag) => (tag !== undefined && /^\d+$/.test(tag) ? [Number(tag)] : [])),
    source,
    destination,
    dropped: last === undefined ? undefined : parseDrop(last),
  };
}

function parseDrop(line: string): Trace['dropped'] {
  const [, family = '', table = '', chain = '', rule] =
    /^(\S+) (\S+) (\S+) (?:rule (.*) \(verdict .*\)|policy drop)/.exec(line) ?? [];
  return { family, table, chain, rule: rule?.replace(/ counter packets \d+ bytes \d+/, ' counter') };
}

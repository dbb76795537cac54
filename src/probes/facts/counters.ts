import type { Counters } from '../../evidence/facts.js';
import { defineFactProbe, isConfigured, type Printed, type Reading } from './fact-probe.js';
import { documentOf, STATE, STATE_AFTER } from './network-state.js';

/** A kernel with IPv6 switched off has no snmp6. */
const COUNTERS = `six=/proc/net/snmp6; [ -e $six ] || six=; cat /proc/net/snmp /proc/net/netstat $six`;
const BEFORE: Reading = { name: 'counters-before', command: COUNTERS, when: 'before' };
const AFTER: Reading = { name: 'counters-after', command: COUNTERS, when: 'after' };

export const counters = defineFactProbe({
  id: 'counters',
  title:
    'How far counters moved: packets dropped, routes not found, reverse paths filtered, packets of each leg of a bond',
  establishes: 'counters',
  readings: [STATE, BEFORE, AFTER, STATE_AFTER],
  wanted: isConfigured,
  parse(printed): Counters {
    const [before, after] = [STATE, STATE_AFTER].map((reading) => documentOf(printed.by(reading), 0)) as [
      string,
      string,
    ];
    const legs = legsMoved(before, after);
    return {
      txDropped: difference(parseTxDropped(before), parseTxDropped(after)),
      protocol: protocol(printed),
      ...(Object.keys(legs).length > 0 ? { legs } : {}),
    };
  },
});

function protocol(printed: Printed): Readings {
  return moved(parseProtocols(printed.by(BEFORE)), parseProtocols(printed.by(AFTER)));
}

type Readings = Readonly<Record<string, number>>;

/** What `ip -json -statistics link show` (or `address show`) prints of a link. */
interface Counted {
  readonly ifname?: string;
  readonly linkinfo?: { readonly info_slave_kind?: string };
  readonly stats64?: {
    readonly rx: { readonly packets: number };
    readonly tx: { readonly packets: number; readonly dropped: number };
  };
}

/** How many packets passed each leg of a bond from one printing, with details, to the next. */
export function legsMoved(before: string, after: string): NonNullable<Counters['legs']> {
  const now = new Map(countedIn(after).map(({ ifname, stats64 }) => [ifname, stats64]));
  return Object.fromEntries(
    countedIn(before).flatMap(({ ifname, stats64: was, linkinfo }) => {
      const is = now.get(ifname);
      if (ifname === undefined || !was || !is || linkinfo?.info_slave_kind !== 'bond') return [];
      return [[ifname, { received: is.rx.packets - was.rx.packets, sent: is.tx.packets - was.tx.packets }] as const];
    }),
  );
}

function countedIn(json: string): readonly Counted[] {
  return JSON.parse(json) as readonly Counted[];
}

/** Transmit drops by interface. */
export function parseTxDropped(json: string): Readings {
  const links = countedIn(json);
  return Object.fromEntries(
    links.flatMap(({ ifname, stats64 }) => (ifname && stats64 ? [[ifname, stats64.tx.dropped]] : [])),
  );
}

/** `/proc/net/snmp` and `/proc/net/netstat`: pairs of lines, names above values. `/proc/net/snmp6`: a name and a value a line. */
export function parseProtocols(text: string): Readings {
  const lines = text.split('\n');
  const readings: Record<string, number> = {};
  lines.forEach((line, index) => {
    const single = /^(\w+)\s+(\d+)$/.exec(line);
    if (single?.[1]) readings[single[1]] = Number(single[2]);
    const [group, ...names] = line.split(' ');
    const [next, ...values] = lines[index + 1]?.split(' ') ?? [];
    if (!group?.endsWith(':') || next !== group || !/^-?\d/.test(values[0] ?? '')) return;
    names.forEach((name, column) => (readings[`${group.slice(0, -1)}${name}`] = Number(values[column])));
  });
  return readings;
}

/** Most of some hundred counters do not change: only those that changed are kept. */
export function moved(before: Readings, after: Readings): Readings {
  return Object.fromEntries(Object.entries(difference(before, after)).filter(([, by]) => by !== 0));
}

/** What is new counts from zero. */
export function difference(before: Readings, after: Readings): Readings {
  return Object.fromEntries(Object.entries(after).map(([name, value]) => [name, value - (before[name] ?? 0)]));
}

import type { LinkFilter } from '../../evidence/facts.js';
import { defineFactProbe, type Reading } from './fact-probe.js';
import { documentOf, STATE } from './network-state.js';

/**
 * Filters are attached to a qdisc of their own, so one program shows whether there are any; only then are they asked for. Read
 * after the probes, for their counters.
 */
const READING: Reading = {
  name: 'tc',
  command: `tc qdisc show >tc.qdiscs && while read -r _ kind _ _ device _; do
  case $kind in clsact|ingress)
    for way in ingress egress; do echo "== $device $way"; tc -s filter show dev $device $way; done ;;
  esac
done <tc.qdiscs; [ -s tc.qdiscs ]`,
  when: 'after',
};

export const linkFilters = defineFactProbe({
  id: 'linkFilters',
  title: 'Traffic control filters and XDP programs on links',
  establishes: 'linkFilters',
  readings: [STATE, READING],
  wanted: ({ kind }) => kind === 'host',
  parse: (printed) => [...parseFilters(printed.by(READING)), ...parsePrograms(documentOf(printed.by(STATE), 0))],
});

/** What `tc -s filter show` prints for each link and way, each under a line of ours, such as `== eth0 ingress`. */
export function parseFilters(text: string): readonly LinkFilter[] {
  return text.split(/^== /m).flatMap((part) => {
    const [, device = '', way, body = ''] = /^(\S+) (ingress|egress)\n([^]*)$/.exec(part) ?? [];
    if (way !== 'ingress' && way !== 'egress') return [];
    return body.split(/^(?=filter )/m).flatMap((filter) => parseFilter(filter, { device, way }) ?? []);
  });
}

/** A filter is announced by lines without a handle, which say nothing yet. */
function parseFilter(text: string, place: Pick<LinkFilter, 'device' | 'way'>): LinkFilter | undefined {
  const words = text.replaceAll(/\s+/g, ' ').trim();
  const action = /action order \d+: (?:gact action (\w+)|(\w+))/.exec(words);
  const program = /(?:^| )(direct-action|bpf_flower|object)/.test(words) || / bpf .*\bhandle /.test(words);
  if (!action && !program) return undefined;
  const counted = /Sent \d+ bytes (\d+) pkt/.exec(words)?.[1];
  return {
    ...place,
    kind: 'tc',
    text: words.replace(/ (?:random type|index \d+ ref|Action statistics).*$/, ''),
    priority: Number(/\bpref (\d+)/.exec(words)?.[1] ?? 0),
    action: action?.[1] ?? action?.[2],
    source: /\bsrc_ip (\S+)/.exec(words)?.[1] ?? u32Address(words, 12),
    destination: /\bdst_ip (\S+)/.exec(words)?.[1] ?? u32Address(words, 16),
    packets: counted === undefined ? undefined : Number(counted),
  };
}

/** u32 knows words of a packet: `match c0a80a00/ffffff00 at 12` is an IPv4 source, at 16 a destination. */
function u32Address(words: string, offset: number): string | undefined {
  const [, value, mask] = new RegExp(`match ([0-9a-f]{8})/([0-9a-f]{8}) at ${offset}\\b`).exec(words) ?? [];
  if (value === undefined || mask === undefined) return undefined;
  const address = value
    .match(/../g)
    ?.map((byte) => Number.parseInt(byte, 16))
    .join('.');
  const length = Number.parseInt(mask, 16).toString(2).replaceAll('0', '').length;
  return length === 32 ? address : `${address}/${length}`;
}

/** `ip -details -json address show` names an XDP program with the link it is attached to. */
export function parsePrograms(json: string): readonly LinkFilter[] {
  const links = JSON.parse(json) as readonly { readonly ifname?: string; readonly xdp?: { readonly prog?: Program } }[];
  return links.flatMap(({ ifname, xdp }) =>
    ifname === undefined || xdp === undefined
      ? []
      : [{ ...NOTHING_SAID, device: ifname, text: `XDP program ${xdp.prog?.name ?? ''} id ${xdp.prog?.id ?? '?'}` }],
  );
}

interface Program {
  readonly id?: number;
  readonly name?: string;
}

const NOTHING_SAID = {
  way: 'ingress',
  kind: 'xdp',
  priority: undefined,
  action: undefined,
  source: undefined,
  destination: undefined,
  packets: undefined,
} as const;

import type { Observations } from '../../network/observations/observations.js';
import type { Decider } from '../../network/packet-filter.js';
import { sameAddress } from '../../ip.js';
import type { Hop } from '../hop.js';
import type { Marked } from './sighting.js';
import type { Step } from './step.js';

const FILTERED: ReadonlySet<Hop> = new Set(['host-output', 'host-input', 'host-forward', 'parent']);

/** What the kernel's own trace says dropped the packet on the host, in this direction. */
export function tracedAt(
  observed: Observations,
  { hop, node, direction }: Step,
  { tag, from, to }: Marked,
): Decider | undefined {
  if (!FILTERED.has(hop) || tag === undefined) return undefined;
  const destination = direction === 'forward' ? to : from;
  const dropped = observed
    .traces(node)
    ?.find(
      (trace) =>
        trace.dropped &&
        (trace.dropped.family === 'netdev') === (hop === 'parent') &&
        trace.tags.includes(tag) &&
        sameAddress(trace.destination, destination),
    )?.dropped;
  if (!dropped) return undefined;
  const { family, table, chain, rule } = dropped;
  const place = { backend: 'nftables', family, table, chain } as const;
  return rule === undefined ? { kind: 'policy', place } : { kind: 'rule', place, rule, handle: undefined };
}

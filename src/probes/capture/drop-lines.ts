import type { Drop } from '../../evidence/facts.js';

/** What a trace of `skb:kfree_skb` says, or why it says nothing. */
export type ParsedDrops =
  { readonly kind: 'counted'; readonly drops: readonly Drop[] } | { readonly kind: 'useless'; readonly why: string };

/**
 * Groups the packets of a trace by why and where they were dropped. A packet is a probe's own when the probe's process was
 * at work itself: work of an interrupt may belong to any process.
 *
 * @param senders tags of probes by the pids of their processes
 */
export function parseDrops(trace: string, senders: ReadonlyMap<number, number>): ParsedDrops {
  const [, kept, written] = /entries-in-buffer\/entries-written: (\d+)\/(\d+)/.exec(trace) ?? [];
  // Where the shell has another pid than it believes, its children have too.
  const [, seen, own] = /-(\d+) +\[\d+\] .*: tracing_mark_write: ipvlan-doctor (\d+)/.exec(trace) ?? [];
  if (Number(written) > Number(kept))
    return { kind: 'useless', why: `the kernel dropped ${written} packets, and its trace held ${kept}` };
  if (own === undefined) return { kind: 'useless', why: "the kernel's trace lacks the mark that shows it was on" };
  const counted = new Map<string, Drop>();
  for (const drop of trace.split('\n').flatMap((line) => parseLine(line, seen === own ? senders : new Map()))) {
    const key = JSON.stringify(drop);
    counted.set(key, { ...drop, packets: (counted.get(key)?.packets ?? 0) + 1 });
  }
  return { kind: 'counted', drops: [...counted.values()] };
}

/**
 * `ping-704 [000] b.... 180.226904: kfree_skb: skbaddr=… protocol=2048 location=nft_do_chain+0x40e/0x630 [nf_tables]
 * reason: NETFILTER_DROP`. Third of the signs is whether an interrupt was at work.
 */
const LINE =
  /-(\d+) +\[\d+\] ..(.)\S* +[\d.]+: kfree_skb: .*protocol=(\d+) location=(\w[\w.]*)(?:\+\S+)?( \[\w+\])? reason: (\w+)/;

function parseLine(line: string, senders: ReadonlyMap<number, number>): Omit<Drop, 'packets'>[] {
  const [, pid, interrupt, protocol, place = '', module = '', reason] = LINE.exec(line) ?? [];
  if (reason === undefined) return [];
  // Kernels before 6.4 print an address, scrambled so that it says nothing.
  const location = /^[0-9a-f]{16}$/.test(place) ? undefined : `${place}${module}`;
  const tag = interrupt === '.' ? senders.get(Number(pid)) : undefined;
  return [{ reason, location, family: protocol === '34525' ? 6 : 4, tag }];
}

import type { ProbeResult } from '../../evidence/evidence.js';
import type { Drop } from '../../evidence/facts.js';
import { familyOf } from '../../ip.js';
import type { Hop } from '../hop.js';
import type { KernelDrop } from '../path.js';
import type { Known } from '../known.js';
import type { Step } from './step.js';

const FILTERED = /^NETFILTER_DROP /;

/** Reasons and places that fit what ends at a hop. IPvlan itself gives no reason where its lookup on the host fails. */
const FITTING: Readonly<Partial<Record<Hop, RegExp>>> = {
  'container-firewall': FILTERED,
  'host-route': /^(?:IP_OUTNOROUTES|NEIGH_FAILED) |^NOT_SPECIFIED ipvlan_/,
  'host-output': FILTERED,
  'host-input': FILTERED,
  'host-forward': FILTERED,
  parent: /^(?:NETFILTER_DROP|TC_INGRESS|TC_EGRESS|XDP|QDISC_DROP) /,
};

/**
 * What the host's kernel counted that fits the end of a probe's path: best what the probe's own process was sending, else as
 * many packets of any process as the probe lost.
 */
export function kernelDrop(
  { network: { names }, observed }: Known,
  probe: ProbeResult,
  { hop, node, direction }: Step,
): KernelDrop | undefined {
  if (probe.outcome.kind === 'not-asked') return undefined;
  const kind = names.node(node)?.kind;
  if (kind !== 'host' && kind !== 'container') return undefined;
  const fitting = (observed.drops(names.hostName) ?? []).filter(
    ({ reason, location, family }) =>
      FITTING[hop]?.test(`${reason} ${location ?? ''} `) && family === familyOf(probe.to.address),
  );
  const own = most(fitting.filter(({ tag }) => direction === 'forward' && tag !== undefined && tag === probe.tag));
  if (own) return toldOf(own, 'probe');
  const others = most(fitting.filter(({ tag, packets }) => tag === undefined && packets >= lostOf(probe)));
  return others && toldOf(others, 'unknown');
}

function most(drops: readonly Drop[]): Drop | undefined {
  return [...drops].sort((a, b) => b.packets - a.packets)[0];
}

function toldOf({ reason, location, packets }: Drop, whose: KernelDrop['whose']): KernelDrop {
  return { reason, location, packets, whose };
}

function lostOf({ outcome }: ProbeResult): number {
  return outcome.kind === 'attempts' ? outcome.sent - outcome.arrived : 0;
}

import { familyOf } from '../../ip.js';
import type { Observed } from '../cause.js';
import type { Flow } from '../flow.js';
import { failing } from '../flow-questions.js';
import { countsDrops, toldNoBuffer } from './drop-counters.js';
import { filteredOnLink } from './filtered-on-link.js';
import { isTracedDropped } from './traced-drops.js';
import { onParent, arpSeen } from './wire.js';

/** What must be known to tell that the host itself drops packets. */
export const HOST_DROP_NEEDS = ['nodes', 'networks', 'links', 'counters', 'captures', 'firewall'] as const;

export type HostDropEvidence = Pick<Observed, 'flows' | 'network' | 'observed' | 'paths'>;

/** What the host drops of some flows' packets. */
export interface DroppedFlows {
  /** Outbound flows whose requests never reached the wire. */
  readonly requests: readonly Flow[];
  /** Inbound flows whose requests arrived and whose replies never left. */
  readonly replies: readonly Flow[];
  /** Outbound connections that were answered, and whose next packets never left. */
  readonly halfOpen: readonly Flow[];
}

export function droppedOnHost(seen: HostDropEvidence, flows: readonly Flow[]): DroppedFlows {
  const elsewhere = new Set(filteredOnLink(seen).flatMap(({ flow }) => (isTracedDropped(seen, flow) ? [] : [flow.id])));
  const lost = failing(flows).filter(
    (flow) => parentMayBeUp(seen, flow) && !elsewhere.has(flow.id) && !hasNoRoute(seen, flow),
  );
  const replies = lost.filter((flow) => !flow.outbound && isReplyDropped(seen, flow));
  // Where traces show what is dropped, replies they do not show are missing for another reason, unless a rule that was read drops them.
  const traced = lost.some((flow) => isTracedDropped(seen, flow));
  return {
    requests: lost.filter((flow) => flow.outbound && isRequestDropped(seen, flow)),
    replies: traced ? replies.filter((flow) => isTracedDropped(seen, flow) || endsAtRule(seen, flow)) : replies,
    halfOpen: lost.filter((flow) => flow.outbound && isAnswered(seen, flow) && countsDrops(seen, flow)),
  };
}

/** With the parent down the same is counted, and no filter is the cause. */
export function parentMayBeUp({ network: { links, names } }: HostDropEvidence, { network }: Flow): boolean {
  const state = links.state(names.hostName, network?.parent);
  return state === undefined || state === 'up';
}

/** Whether the parent saw a flow's requests and replies to them. */
function isAnswered(seen: HostDropEvidence, flow: Flow): boolean {
  const { requests, replies } = onParent(seen, flow);
  return requests.length > 0 && replies.length > 0;
}

/** The kernel tells the sender, or the container's link counted drops and the wire saw neither the packet nor ARP for it. */
function isRequestDropped(seen: HostDropEvidence, flow: Flow): boolean {
  if (toldNoBuffer(flow)) return true;
  if (flow.peer === 'host') return false; // In L3 what goes to the host never uses the parent.
  const { requests, reliable } = onParent(seen, flow);
  return countsDrops(seen, flow) && reliable && requests.length === 0 && !arpSeen(seen, flow).asked;
}

function isReplyDropped(seen: HostDropEvidence, flow: Flow): boolean {
  const { requests, replies, reliable } = onParent(seen, flow);
  return reliable && requests.length > 0 && replies.length === 0 && countsDrops(seen, flow);
}

/** Whether a reply was last seen before the host's output hook, where a rule drops it: a busy machine loses traces of some packets. */
function endsAtRule({ network: { names }, paths }: HostDropEvidence, { probe }: Flow): boolean {
  const lost = paths.of(probe)?.return.find(({ observed }) => observed === 'lost');
  if (lost?.hop !== 'host-output' || lost.node !== names.hostName || lost.predicted.verdict !== 'blocks') return false;
  return lost.predicted.reason.kind === 'rule';
}

/** IPv6 without a route is dropped likewise, where IPv4 would ask for the target by ARP. */
function hasNoRoute({ network: { routing, names } }: HostDropEvidence, { to, containerAddress }: Flow): boolean {
  if (familyOf(to.address) !== 6) return false;
  return routing.lookup(names.hostName, { destination: to.address, source: containerAddress })?.kind === 'none';
}

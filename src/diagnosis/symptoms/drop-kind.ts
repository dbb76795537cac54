import type { Flow } from '../flow.js';
import { getsThrough } from '../flow-questions.js';
import { droppedOnHost, type HostDropEvidence } from './dropped-on-host.js';
import { isTracedPassing } from './traced-drops.js';
import { isTranslated, onParent } from './wire.js';

/**
 * `everything`: all that the container sends, or one protocol of it, whichever end began. `new-only`: the connections it begins,
 * not its replies. `replies-only`: the other way round. `replies-at-least`: whether it may begin the like was not tried.
 * `internet-only`: the LAN stays reachable. `internet-at-least`: whether the LAN is was not tried.
 */
export type DropKind =
  'everything' | 'new-only' | 'replies-only' | 'replies-at-least' | 'internet-only' | 'internet-at-least';

/** What of one container's packets the host drops, judged from all its flows: those that get through tell as much as those that do not. */
export function dropKindOf(seen: HostDropEvidence, flows: readonly Flow[]): DropKind {
  const { requests, replies, halfOpen } = droppedOnHost(seen, flows);
  // What follows the first packet of a connection is a reply as well, to a host that does not see the other end's.
  if (requests.length === 0 && replies.length === 0 && halfOpen.length > 0) return 'replies-only';
  const repliesToThem = requests.some(({ to }) =>
    flows.some(
      (flow) =>
        !flow.outbound && flow.from.node?.name === to.node?.name && (getsThrough(flow) || isTracedPassing(seen, flow)),
    ),
  );
  if (repliesToThem && replies.length === 0) return 'new-only';
  if (requests.length === 0 && replies.some((flow) => beginsLikewise(flows, flow))) return 'replies-only';
  const began = flows.filter((flow) => flow.outbound && flow.peer !== 'sibling' && !halfOpen.includes(flow));
  if (requests.length === 0 && replies.length > 0 && !began.some(({ arrival }) => arrival === 'none'))
    return 'replies-at-least';
  const parent = seen.observed.capture(seen.network.names.hostName);
  // Replies to a LAN client that the router gives an address of its own on the internet go there.
  const toLan = replies.filter((flow) => !isTranslated(flow, parent));
  const internetOnly = requests.every(({ peer }) => peer === 'internet') && toLan.length === 0;
  // Some of the internet is reachable: then it is a rule about a port or an address, not a kill-switch.
  if (!internetOnly || flows.some(reachesInternet)) return 'everything';
  return flows.some((flow) => leavesToLan(seen, flow)) ? 'internet-only' : 'internet-at-least';
}

function reachesInternet(flow: Flow): boolean {
  return flow.outbound && flow.peer === 'internet' && !isLookup(flow) && getsThrough(flow);
}

/** A name is looked up at the container's own resolver, wherever the address it stands for may be. */
function isLookup({ probe: { over, to } }: Flow): boolean {
  return over.protocol === 'dns' && to.name !== undefined;
}

function leavesToLan(seen: HostDropEvidence, flow: Flow): boolean {
  return (
    flow.outbound &&
    (flow.peer === 'gateway' || flow.peer === 'lan') &&
    (getsThrough(flow) || isTracedPassing(seen, flow) || onParent(seen, flow).requests.length > 0)
  );
}

/** Whether the container itself begins the same kind of connection to the same machine, and gets through. */
function beginsLikewise(flows: readonly Flow[], { from, probe }: Flow): boolean {
  return flows.some(
    (flow) =>
      flow.outbound &&
      getsThrough(flow) &&
      flow.to.node?.name === from.node?.name &&
      flow.probe.over.protocol === probe.over.protocol,
  );
}

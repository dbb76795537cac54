import type { Capture, NetworkFact } from '../../evidence/facts.js';
import { contains, sameAddress } from '../../ip.js';
import { isLayer3 } from '../../network/networks.js';
import { sourcesOf } from '../../path/observe/sighting.js';
import type { Observed } from '../cause.js';
import type { Flow } from '../flow.js';
import { crossesParent, failing, telling } from '../flow-questions.js';
import type { Observation } from '../observation.js';
import { flowSeen, onParent, sighting } from './wire.js';

/** What must be known to see that a network carries the host's addresses and not its containers'. */
export const FABRIC_NEEDS = ['nodes', 'networks', 'links', 'captures'] as const;

/** Containers whose packets leave the host properly and get no reply from anywhere, while the host's do. */
export interface CutOff {
  /** Everything of theirs that fails beyond the parent. */
  readonly flows: readonly Flow[];
  /** The one to tell the story with. */
  readonly flow: Flow;
  readonly parent: string;
  /** A flow of the host itself that gets replies from the same target. */
  readonly hostFlow: Flow | undefined;
  /** Packets of theirs the parent was seen to send. */
  readonly left: number;
  /**
   * Nodes beyond the parent that were seen to get what the containers sent them. Empty: their captures ran, and show none.
   * Absent when there was no such capture.
   */
  readonly reached: readonly string[] | undefined;
}

/**
 * The look of a network that filters by address: everything leaves, and no target replies.
 *
 * @param which networks it is asked of
 * @returns `undefined` where the host fails too, or anything from outside replies to such a container
 */
export function cutOff(view: Observed, which: (network: NetworkFact | undefined) => boolean): CutOff | undefined {
  const beyond = view.flows.filter((flow) => leavesHost(flow) && which(flow.network));
  const carried = new Set(beyond.filter(({ arrival }) => arrival === 'all').map(({ container }) => container?.name));
  const lost = failing(beyond).filter(({ container }) => !carried.has(container?.name));
  const unanswered = lost.filter(
    (flow) => flow.outbound && flow.peer !== 'host' && leftUnanswered(view, flow) && hostFlowLike(view, flow),
  );
  const flow = telling(unanswered);
  const parent = flow?.network?.parent;
  if (!flow || parent === undefined) return undefined;
  const names = new Set(unanswered.map(({ container }) => container?.name));
  return {
    flows: lost.filter(({ container }) => names.has(container?.name)),
    flow,
    parent,
    hostFlow: hostFlowLike(view, flow),
    left: onParent(view, flow, parent).requests.length,
    reached: reachedBy(view, unanswered),
  };
}

/** In L2 the host itself never replies; in L3 its replies go through the gateway. */
function leavesHost(flow: Flow): boolean {
  return crossesParent(flow) && (flow.peer !== 'host' || isLayer3(flow.network)) && flow.peer !== 'other-container';
}

/** It was observed to leave through the parent, with the container's own address, and no reply came in. */
function leftUnanswered(view: Observed, flow: Flow): boolean {
  const { requests, replies, reliable } = onParent(view, flow, flow.network?.parent);
  const own = sourcesOf(requests).some((source) => sameAddress(source, flow.containerAddress ?? ''));
  return reliable && own && replies.length === 0;
}

/** A flow of the host that gets replies from where another goes. */
function hostFlowLike({ flows, network }: Observed, { to, peer }: Flow): Flow | undefined {
  return flows.find(
    (other) =>
      other.from.node?.name === network.names.hostName &&
      other.arrival === 'all' &&
      (sameAddress(other.to.address, to.address) || (peer === 'internet' && other.to.node?.kind === 'internet')),
  );
}

function reachedBy(view: Observed, flows: readonly Flow[]): readonly string[] | undefined {
  const heard = flows.flatMap((flow) =>
    capturesOnTheWay(view, flow).map((capture) => ({
      node: capture.node,
      got: sighting(flow, capture).requests.some(({ direction }) => direction === 'in'),
    })),
  );
  if (heard.length === 0) return undefined;
  return [...new Set(heard.filter(({ got }) => got).map(({ node }) => node))];
}

/** Captures that must show a flow when it arrives: at its target, and at the gateway it leaves the LAN by. */
function capturesOnTheWay({ observed, network }: Observed, flow: Flow): readonly Capture[] {
  const passes = ({ node, device }: Capture) =>
    node === flow.to.node?.name ||
    (network.names.node(node)?.kind === 'gateway' && flow.peer === 'internet' && facesHost({ node, device }));
  const facesHost = ({ node, device }: Pick<Capture, 'node' | 'device'>) =>
    network.links
      .link(node, device)
      ?.addresses.some((own) => network.names.host?.addresses.some((address) => contains(own, address))) ?? false;
  return observed.captures.filter((capture) => capture.control === 'seen' && passes(capture));
}

/** What was seen of it, each with the place. */
export function fabricSaw(
  { network: { names } }: Pick<Observed, 'network'>,
  { flow, hostFlow, parent, left, reached }: CutOff,
): readonly Observation[] {
  const source = flow.containerAddress ?? flow.from.address;
  const at = { node: names.hostName, device: parent };
  return [
    { kind: 'packets-seen', at, source, destination: flow.to.address, requests: left, replies: 0 },
    ...(hostFlow ? [flowSeen(hostFlow)] : []),
    ...(reached === undefined ? [] : [{ kind: 'received' as const, source, nodes: reached }]),
  ];
}
